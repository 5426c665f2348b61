-- The columns of the user's own in the sheet that describes one client: kept with the row, mapped to nothing.
-- grain: one row per filled column
-- params: client_id varchar
with

entries as (

    select
        unnest(map_entries(clients.extra)) as entry,
        sources.file,
        sources.sheet,
        clients.row_number
    from core.clients
    left join core.sources using (sheet_id)
    where clients.client_id = $client_id

),

final as (

    select
        entry.key as own_column,
        entry.value as own_value,
        file,
        sheet,
        row_number
    from entries
    where entry.value is not null

)

select * from final
order by own_column collate ru asc

-- The columns of one's own in the clients sheets, with how many clients say yes or no in each: an own criterion of key
-- clients is one of them.
-- grain: one row per column
with

cells as (

    select unnest(map_entries(extra)) as cell
    from core.clients

),

final as (

    select
        cell.key as own_column,
        count(*) filter (where parse_flag(cell.value)) as yes_count,
        count(*) filter (where not parse_flag(cell.value)) as no_count,
        count(*) filter (where cell.value is not null) as filled_count
    from cells
    group by cell.key

)

select * from final
order by own_column collate ru asc

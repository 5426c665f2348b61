-- Clients that no clients sheet names: they are known from their orders only, by the first line that names each.
-- Distorts classes and filters: such a client has no potential, segment, region or manager of its own.
-- grain: one row per client
-- params: manager varchar
with

first_lines as (

    select
        client_key,
        min((ordered_on, sheet_id, row_number)) as place,
        count(*) as line_count
    from core.order_lines
    group by client_key

),

final as (

    select
        clients.client_id,
        clients.client_name,
        clients.manager,
        first_lines.place[1] as first_order_on,
        first_lines.line_count,
        sources.file,
        sources.sheet,
        first_lines.place[3] as row_number,
        first_lines.place[2] as sheet_id
    from core.clients
    inner join first_lines using (client_key)
    inner join core.sources on first_lines.place[2] = sources.sheet_id
    where
        not clients.is_listed
        and ($manager is null or clients.manager = $manager)

)

select * from final
order by line_count desc, client_id asc

-- Clients, touches and promises whose manager or owner no staff sheet names: dismissed, or written differently.
-- Distorts lists by manager and the levels of who speaks to whom: clients of somebody who left are nobody's.
-- grain: one row per client, touch or promise
-- params: manager varchar
with

known as (

    select staff_name as manager
    from core.staff

),

named as (

    select
        'clients' as table_name,
        clients.manager,
        clients.client_key,
        clients.client_id,
        cast(null as date) as day_on,
        clients.sheet_id,
        clients.row_number
    from core.clients
    where clients.manager is not null
    union all
    select
        'touches' as table_name,
        touches.manager,
        touches.client_key,
        clients.client_id,
        touches.held_on as day_on,
        touches.sheet_id,
        touches.row_number
    from core.touches
    inner join core.clients using (client_key)
    where touches.manager is not null
    union all
    select
        'promises' as table_name,
        promises.owner as manager,
        promises.client_key,
        promises.client_id,
        promises.made_on as day_on,
        promises.sheet_id,
        promises.row_number
    from core.promises
    where promises.owner is not null

),

strangers as (

    select distinct named.manager
    from named
    anti join known using (manager)

),

final as (

    select
        named.table_name,
        named.manager,
        named.client_id,
        clients.client_name,
        named.day_on,
        sources.file,
        sources.sheet,
        named.row_number,
        named.sheet_id
    from named
    inner join strangers using (manager)
    left join core.clients on named.client_key = clients.client_key
    left join core.sources on named.sheet_id = sources.sheet_id
    where $manager is null or clients.manager = $manager

)

select * from final
order by table_name asc, manager asc, day_on desc, row_number asc

-- Clients whose manager is marked as gone in the newest export that names the person: "(уволен)", "(inactive)".
-- Distorts the touch norm, forgotten clients and every list by manager: what such a client is owed falls on nobody.
-- grain: one row per client
-- params: manager varchar
with

dismissed as (

    select distinct person as manager
    from core.people
    where is_dismissed

),

final as (

    select
        clients.client_id,
        clients.client_name,
        clients.manager,
        clients.given_manager,
        clients.segment,
        clients.region,
        sources.file,
        sources.sheet,
        clients.row_number,
        clients.sheet_id
    from core.clients
    inner join dismissed using (manager)
    left join core.sources using (sheet_id)
    where $manager is null or clients.manager = $manager

)

select * from final
order by manager collate ru asc, client_id asc

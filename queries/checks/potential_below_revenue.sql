-- Clients whose potential a year is below their revenue of the last year: the potential is outdated (METHOD 3).
-- Distorts class, share and growth gap: revenue takes the potential's place, and the client looks bought out.
-- grain: one row per client
-- params: as_of date, manager varchar
select
    clients.client_id,
    clients.client_name,
    clients.manager,
    clients.potential,
    client_revenue.revenue,
    sources.captured_on,
    sources.file,
    sources.sheet,
    clients.row_number,
    clients.sheet_id
from core.clients
inner join metrics.client_revenue using (client_key)
left join core.sources using (sheet_id)
where
    clients.potential < client_revenue.revenue
    and ($manager is null or clients.manager = $manager)
order by client_revenue.revenue - clients.potential desc, clients.client_id asc

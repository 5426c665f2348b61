-- Clients with no manager: neither a clients sheet nor their latest order or touch names one.
-- Distorts the touch norm and every list by manager: nobody owes such a client anything.
-- grain: one row per client
-- params: manager varchar
select
    clients.client_id,
    clients.client_name,
    clients.segment,
    clients.region,
    clients.first_seen_on,
    sources.file,
    sources.sheet,
    clients.row_number,
    clients.sheet_id
from core.clients
left join core.sources using (sheet_id)
where
    clients.manager is null
    and $manager is null
order by clients.client_id asc

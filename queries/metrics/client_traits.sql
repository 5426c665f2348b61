-- What a client is called by wherever its rows are explored: who manages it, where it belongs, its class and stage at the date.
-- grain: one row per known client
-- params: as_of date
select
    clients.client_key,
    clients.client_id,
    clients.client_name,
    clients.manager,
    clients.segment,
    clients.region,
    clients.industry,
    client_classes.class,
    client_stages.status,
    clients.extra as client_extra
from metrics.client_classes
inner join metrics.client_stages using (client_key)
inner join core.clients using (client_key)

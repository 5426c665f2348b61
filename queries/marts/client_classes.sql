-- The ABCD class of every client, its share and the money still to win from it.
-- grain: one row per client
-- params: as_of date
select
    clients.client_id,
    client_classes.revenue,
    client_classes.potential,
    client_classes.potential_origin,
    client_classes.share,
    client_classes.class,
    client_classes.basis,
    client_classes.gap,
    client_classes.is_potential_outdated,
    client_classes.is_high_potential,
    client_classes.is_high_share,
    clients.client_name,
    clients.manager,
    clients.segment,
    clients.region
from metrics.client_classes
inner join core.clients using (client_key)
order by clients.client_key asc

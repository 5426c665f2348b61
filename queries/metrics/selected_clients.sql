-- The clients that a page's filters leave: by manager, segment, region and class. A filter left out takes everybody.
-- grain: one row per known client
-- params: as_of date, manager varchar, segment varchar, region varchar, class varchar
select
    clients.client_key,
    clients.client_id,
    clients.client_name,
    clients.manager,
    clients.segment,
    clients.region,
    client_classes.class,
    client_classes.revenue
from metrics.client_classes
inner join core.clients using (client_key)
where
    ($manager is null or clients.manager = $manager)
    and ($segment is null or clients.segment = $segment)
    and ($region is null or clients.region = $region)
    and ($class is null or client_classes.class = $class)

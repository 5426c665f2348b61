-- The order cycle of every client and when its next order is expected.
-- grain: one row per client
-- params: as_of date
select
    clients.client_id,
    client_cycles.sales_type,
    client_cycles.interval_count,
    client_cycles.median_interval_days,
    client_cycles.cycle_days,
    client_cycles.cycle_basis,
    client_cycles.order_count,
    client_cycles.first_order_on,
    client_cycles.last_order_on,
    client_cycles.expected_order_on,
    client_cycles.window_opens_on,
    clients.client_name,
    clients.manager,
    clients.segment,
    clients.region
from metrics.client_cycles
inner join core.clients using (client_key)
order by clients.client_id asc

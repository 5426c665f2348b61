-- Where every client stands in its life cycle.
-- grain: one row per client
-- params: as_of date
select
    clients.client_id,
    client_stages.order_count,
    client_stages.days_since_order,
    client_stages.cycle_ratio,
    client_stages.risk_ratio,
    client_stages.sleep_ratio,
    client_stages.status,
    client_stages.clm_stage,
    client_stages.is_tenure_unknown,
    client_stages.tenure_from,
    client_stages.cycle_days,
    client_stages.last_interval_days,
    client_stages.pool_count,
    clients.client_name,
    clients.manager,
    clients.segment,
    clients.region
from metrics.client_stages
inner join core.clients using (client_key)
order by clients.client_id asc

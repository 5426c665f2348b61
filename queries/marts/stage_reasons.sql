-- The facts of the sentence beside each client: days without an order, its cycle, and how many such intervals were as long.
-- longer_count is null without orders or with no measured intervals of the sales type.
-- grain: one row per client
-- params: as_of date, client_id varchar
select
    clients.client_id,
    client_stages.status,
    client_stages.days_since_order,
    client_stages.cycle_days,
    client_stages.cycle_ratio,
    client_stages.risk_ratio,
    client_stages.sleep_ratio,
    stage_reasons.longer_count,
    stage_reasons.pool_count
from metrics.client_stages
inner join metrics.stage_reasons using (client_key)
inner join core.clients using (client_key)
where $client_id is null or clients.client_id = $client_id
order by clients.client_id asc

-- The clients of whom the rule would have warned at the earlier date, and those it would have missed.
-- grain: one row per selected client with an alarm or lost since
-- params: as_of date, before_on date, outcome varchar, manager varchar, segment varchar, region varchar, class varchar
select
    selected_clients.client_id,
    selected_clients.client_name,
    stage_backtest.outcome,
    stage_backtest.status_before,
    stage_backtest.status,
    client_cycles.last_order_on,
    selected_clients.revenue,
    selected_clients.manager,
    selected_clients.segment,
    selected_clients.region
from metrics.stage_backtest
inner join metrics.selected_clients using (client_key)
inner join metrics.client_cycles using (client_key)
where
    ($outcome is null and stage_backtest.outcome <> 'quiet')
    or stage_backtest.outcome = $outcome
order by stage_backtest.outcome asc, selected_clients.client_id asc

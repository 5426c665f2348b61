-- The clients of the life cycle screen: status, cycle, how overdue the next order is and how usual that is.
-- Those that a call can still keep come first (drowsing, then asleep), the most money at stake first.
-- grain: one row per selected client
-- params: as_of date, status varchar, clm_stage varchar, manager varchar, segment varchar, region varchar, class varchar
with

selected as (

    select *
    from metrics.selected_clients

),

final as (

    select
        selected.client_id,
        selected.client_name,
        client_stages.status,
        selected.class,
        client_stages.days_since_order,
        client_cycles.cycle_days,
        client_stages.cycle_ratio,
        client_cycles.cycle_basis,
        client_cycles.order_count,
        client_cycles.last_order_on,
        client_cycles.expected_order_on,
        selected.revenue,
        stage_goals.goal_state,
        selected.manager,
        selected.segment,
        selected.region,
        client_stages.clm_stage,
        client_stages.risk_ratio,
        client_stages.sleep_ratio,
        client_stages.is_tenure_unknown,
        client_stages.tenure_from,
        client_cycles.sales_type,
        client_cycles.interval_count,
        client_cycles.median_interval_days,
        client_cycles.peer_days,
        norm('cycle_shrink') as cycle_shrink,
        stage_reasons.longer_count,
        stage_reasons.pool_count,
        client_revenue_before.revenue_before
    from selected
    inner join metrics.client_stages using (client_key)
    inner join metrics.client_cycles using (client_key)
    inner join metrics.stage_reasons using (client_key)
    inner join metrics.client_revenue_before using (client_key)
    inner join metrics.stage_goals using (client_key)
    where
        ($status is null or client_stages.status = $status)
        and ($clm_stage is null or client_stages.clm_stage = $clm_stage)

)

select * from final
order by
    coalesce(list_position(['drowsing', 'asleep', 'returned', 'new', 'regular', 'loyal', 'lost', 'one_time'], status), 9) asc,
    greatest(revenue, revenue_before) desc,
    client_id asc

-- One client in one row: who it is, its class, cycle, status, touch norm and promises.
-- previous_id and next_id: its neighbours by money among the clients that the filters leave.
-- grain: one row, none where no such client is known at the date
-- params: as_of date, manager varchar, segment varchar, region varchar, class varchar, client_id varchar
with

compliance as (

    select
        * exclude (status),
        status as touch_status
    from metrics.touch_compliance

),

promises as (

    select
        client_key,
        count(*) as promise_count,
        count(*) filter (where state = 'overdue') as overdue_count,
        count(*) filter (where state = 'open') as open_count
    from metrics.promise_states
    group by client_key

),

preorders as (

    select
        client_key,
        count(*) as preorder_interval_count,
        count(touched_on) as preorder_touched_count
    from metrics.preorder_intervals
    group by client_key

),

neighbours as (

    select
        client_key,
        row_number() over (order by revenue desc, client_id asc) as position,
        count(*) over () as selected_count,
        lag(client_id) over (order by revenue desc, client_id asc) as previous_id,
        lead(client_id) over (order by revenue desc, client_id asc) as next_id
    from metrics.selected_clients

),

final as (

    select
        clients.client_id,
        clients.client_name,
        clients.tax_id,
        clients.manager,
        clients.segment,
        clients.region,
        clients.industry,
        clients.client_since,
        clients.is_key,
        clients.is_listed,
        client_classes.class,
        client_classes.basis,
        client_classes.revenue,
        client_revenue_before.revenue_before,
        client_classes.potential,
        client_classes.potential_origin,
        client_classes.share,
        client_classes.gap,
        client_classes.is_high_potential,
        client_classes.is_high_share,
        client_classes.is_potential_outdated,
        ratio(client_classes.potential_before, client_classes.all_potential) as potential_before_share,
        ratio(client_classes.revenue_before, client_classes.all_revenue) as revenue_before_share,
        clients.potential as given_potential,
        norm('high_share') as high_share,
        norm('high_potential_share') as high_potential_share,
        norm('gap_target') as gap_target,
        client_xyz.xyz,
        client_xyz.variation,
        client_cycles.sales_type,
        client_cycles.interval_count,
        client_cycles.median_interval_days,
        client_cycles.cycle_days,
        client_cycles.cycle_basis,
        client_cycles.peer_days,
        norm('cycle_shrink') as cycle_shrink,
        client_cycles.order_count,
        client_cycles.first_order_on,
        client_cycles.last_order_on,
        client_cycles.expected_order_on,
        client_cycles.window_opens_on,
        client_stages.status,
        client_stages.days_since_order,
        client_stages.cycle_ratio,
        client_stages.risk_ratio,
        client_stages.sleep_ratio,
        client_stages.is_tenure_unknown,
        compliance.* exclude (client_key, contact_count, personal_count, problem_count),
        coalesce(compliance.contact_count, 0) as contact_count,
        coalesce(compliance.personal_count, 0) as personal_count,
        coalesce(compliance.problem_count, 0) as problem_count,
        least(compliance.done_mandatory, compliance.norm_mandatory) as counted_mandatory,
        least(compliance.done_standard, compliance.norm_standard) as counted_standard,
        least(compliance.done_need, compliance.norm_need) as counted_need,
        least(compliance.done_mandatory, compliance.norm_mandatory)
        + least(compliance.done_standard, compliance.norm_standard)
        + least(compliance.done_need, compliance.norm_need) as counted_total,
        cast(round(compliance.norm_mandatory / compliance.mandatory_per_order) as integer) as window_order_count,
        compliance.owed_mandatory + compliance.owed_standard + compliance.owed_need as owed_count,
        preorders.preorder_interval_count,
        preorders.preorder_touched_count,
        preorders.preorder_touched_count / preorders.preorder_interval_count as preorder_rate,
        coalesce(promises.promise_count, 0) as promise_count,
        coalesce(promises.overdue_count, 0) as overdue_count,
        coalesce(promises.open_count, 0) as open_count,
        neighbours.position,
        neighbours.selected_count,
        neighbours.previous_id,
        neighbours.next_id,
        sources.file,
        sources.sheet,
        clients.row_number
    from core.clients
    inner join metrics.client_classes using (client_key)
    inner join metrics.client_revenue_before using (client_key)
    inner join metrics.client_cycles using (client_key)
    inner join metrics.client_stages using (client_key)
    inner join metrics.client_xyz using (client_key)
    left join compliance using (client_key)
    left join preorders using (client_key)
    left join promises using (client_key)
    left join neighbours using (client_key)
    left join core.sources on clients.sheet_id = sources.sheet_id
    where clients.client_id = $client_id

)

select * from final

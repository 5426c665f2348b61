-- The clients of the touches screens: those with a norm that the filters leave, with what each belongs to.
-- Asleep and lost clients belong to reactivation; clients whose manager logged nothing cannot be measured: unknown is
-- not zero. The rest is the portfolio; served are those at 80 % of the norm or more. METHOD 2.3.
-- grain: one row per selected client with at least one order
-- params: as_of date, manager varchar, segment varchar, region varchar, class varchar
with

compliance as (

    select
        * exclude (status),
        status as touch_status
    from metrics.touch_compliance

),

preorders as (

    select
        client_key,
        count(*) as preorder_interval_count,
        count(touched_on) as preorder_touched_count
    from metrics.preorder_intervals
    group by client_key

),

joined as (

    select
        selected_clients.client_key,
        selected_clients.client_id,
        selected_clients.client_name,
        selected_clients.manager,
        selected_clients.segment,
        selected_clients.region,
        selected_clients.class,
        selected_clients.revenue,
        client_stages.status,
        client_stages.cycle_days,
        compliance.* exclude (client_key),
        client_stages.status in ('asleep', 'lost') as is_sleeping,
        compliance.touch_status <> 'no_data' as is_logged,
        preorders.preorder_interval_count,
        preorders.preorder_touched_count
    from compliance
    inner join metrics.selected_clients using (client_key)
    inner join metrics.client_stages using (client_key)
    left join preorders using (client_key)

),

final as (

    select
        *,
        owed_mandatory + owed_standard + owed_need as owed_count,
        cast(round(norm_mandatory / mandatory_per_order) as integer) as window_order_count,
        least(done_mandatory, norm_mandatory) as counted_mandatory,
        least(done_standard, norm_standard) as counted_standard,
        least(done_need, norm_need) as counted_need,
        least(done_mandatory, norm_mandatory) + least(done_standard, norm_standard) + least(done_need, norm_need) as counted_total,
        is_logged and not is_sleeping as is_measured,
        is_logged and not is_sleeping and round(compliance, 9) >= norm('compliance_near') as is_served,
        greatest(revenue, 0) as weight_revenue,
        case when is_logged then preorder_touched_count / preorder_interval_count end as preorder_rate
    from joined

)

select * from final

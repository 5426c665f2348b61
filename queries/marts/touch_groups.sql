-- Compliance of the portfolio as a whole, by manager and by class: how many clients are served, what the norm consists of.
-- Shares are over clients that can be measured and are not asleep or lost; the others are counted beside. METHOD 2.3.
-- log: nothing_logged where there are clients to measure but nobody wrote anything down.
-- grain: one row per dimension (all, manager, class) and group; group_name '' is no manager; lowest share first
-- params: as_of date, manager varchar, segment varchar, region varchar, class varchar
with

grouped as (

    select
        case when grouping(manager) = 0 then 'manager' when grouping(class) = 0 then 'class' else 'all' end as dimension,
        case when grouping(manager) = 0 then coalesce(manager, '') when grouping(class) = 0 then class end as group_name,
        count(*) as client_count,
        count(*) filter (where is_measured) as measured_count,
        count(*) filter (where is_served) as served_count,
        count(*) filter (where is_sleeping) as sleeping_count,
        count(*) filter (where not is_sleeping and not is_logged) as no_data_count,
        count(*) filter (where is_measured and touch_status = 'below') as below_count,
        count(*) filter (where is_measured and touch_status = 'near') as near_count,
        count(*) filter (where is_measured and touch_status = 'met') as met_count,
        count(*) filter (where is_measured and touch_status = 'over') as over_count,
        coalesce(sum(weight_revenue) filter (where is_measured), 0) as measured_revenue,
        coalesce(sum(weight_revenue) filter (where is_served), 0) as served_revenue,
        coalesce(sum(norm_mandatory) filter (where is_measured), 0) as norm_mandatory,
        coalesce(sum(norm_standard) filter (where is_measured), 0) as norm_standard,
        coalesce(sum(norm_need) filter (where is_measured), 0) as norm_need,
        cast(coalesce(sum(done_mandatory) filter (where is_measured), 0) as bigint) as done_mandatory,
        cast(coalesce(sum(done_standard) filter (where is_measured), 0) as bigint) as done_standard,
        cast(coalesce(sum(done_need) filter (where is_measured), 0) as bigint) as done_need,
        coalesce(sum(counted_mandatory) filter (where is_measured), 0) as counted_mandatory,
        coalesce(sum(counted_standard) filter (where is_measured), 0) as counted_standard,
        coalesce(sum(counted_need) filter (where is_measured), 0) as counted_need,
        cast(coalesce(sum(owed_mandatory) filter (where is_measured), 0) as bigint) as owed_mandatory,
        cast(coalesce(sum(owed_standard) filter (where is_measured), 0) as bigint) as owed_standard,
        cast(coalesce(sum(owed_need) filter (where is_measured), 0) as bigint) as owed_need,
        cast(coalesce(sum(contact_count) filter (where is_measured), 0) as bigint) as contact_count,
        cast(coalesce(sum(personal_count) filter (where is_measured), 0) as bigint) as personal_count,
        cast(coalesce(sum(problem_count) filter (where is_measured), 0) as bigint) as problem_count,
        cast(coalesce(sum(preorder_interval_count) filter (where is_measured), 0) as bigint) as preorder_interval_count,
        cast(coalesce(sum(preorder_touched_count) filter (where is_measured), 0) as bigint) as preorder_touched_count
    from metrics.touch_portfolio
    group by grouping sets ((), (manager), (class))

),

final as (

    select
        *,
        served_count / nullif(measured_count, 0) as served_share,
        ratio(served_revenue, measured_revenue) as served_revenue_share,
        (counted_mandatory + counted_standard + counted_need)
        / nullif(norm_mandatory + norm_standard + norm_need, 0) as compliance,
        owed_mandatory + owed_standard + owed_need as owed_count,
        personal_count / nullif(contact_count, 0) as personal_share,
        norm('personal_target') as personal_target,
        (done_standard + done_need) / nullif(done_mandatory, 0) as mix,
        norm('mix_target') as mix_target,
        preorder_touched_count / nullif(preorder_interval_count, 0) as preorder_rate,
        case
            when measured_count > 0 then 'logged'
            when no_data_count > 0 then 'nothing_logged'
            else 'none'
        end as log
    from grouped

)

select * from final
order by
    dimension asc,
    case when dimension = 'class' then list_position(['A+', 'A', 'B', 'C', 'D'], group_name) end asc,
    served_share asc nulls last,
    group_name collate ru asc

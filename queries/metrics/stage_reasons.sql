-- How usual the silence of each client is: of the measured intervals of its sales type (those behind the ratios of
-- metrics.sleep_ratios), how many were at least as long in their own client's cycles. METHOD 4.
-- grain: one row per known client
-- params: as_of date
with

cycles as (

    select
        client_key,
        sales_type,
        interval_count,
        median_interval_days
    from metrics.client_cycles

),

pool as (

    select
        cycles.sales_type,
        order_days.gap_days / cycles.median_interval_days as interval_ratio
    from core.order_days
    inner join cycles using (client_key)
    where
        cycles.interval_count >= norm('ratio_client_intervals')
        and order_days.gap_days is not null
        and order_days.ordered_on <= $as_of
        and order_days.ordered_on - order_days.gap_days
        >= cast($as_of - to_months(cast(norm('cycle_window_months') as integer)) as date)

),

together as (

    select
        cast(null as integer) as client_key,
        sales_type,
        round(interval_ratio, 9) as interval_ratio,
        1 as pool_weight
    from pool

    union all

    select
        client_stages.client_key,
        cycles.sales_type,
        round(client_stages.cycle_ratio, 9) as interval_ratio,
        0 as pool_weight
    from metrics.client_stages
    inner join cycles using (client_key)
    where client_stages.cycle_ratio is not null

),

-- From the longest down, intervals before clients where they are as long: the running sum is "at least as long".
placed as (

    select
        client_key,
        cast(sum(pool_weight) over (
            partition by sales_type
            order by interval_ratio desc, pool_weight desc
            rows between unbounded preceding and current row
        ) as integer) as longer_count
    from together

),

final as (

    select
        client_stages.client_key,
        case when client_stages.pool_count > 0 then placed.longer_count end as longer_count,
        client_stages.pool_count
    from metrics.client_stages
    left join placed on client_stages.client_key = placed.client_key

)

select * from final

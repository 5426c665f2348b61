-- From which multiple of its cycle a client of each sales type is drowsing (risk) and asleep (sleep), measured on
-- the intervals of clients that have enough of them. METHOD 4. Rounded to nine decimals: a border is compared with them.
-- grain: one row per sales type
-- params: as_of date
with

cycles as (

    select
        client_key,
        sales_type,
        median_interval_days
    from metrics.client_cycles
    where interval_count >= norm('ratio_client_intervals')

),

intervals as (

    select
        cycles.sales_type,
        order_days.gap_days / cycles.median_interval_days as interval_ratio
    from core.order_days
    inner join cycles using (client_key)
    where
        order_days.gap_days is not null
        and order_days.ordered_on <= $as_of
        and order_days.ordered_on - order_days.gap_days
        >= cast($as_of - to_months(cast(norm('cycle_window_months') as integer)) as date)

),

measured as (

    select
        sales_type,
        count(*) as pool_count,
        quantile_cont(interval_ratio, [norm('risk_quantile'), norm('sleep_quantile')]) as ratios
    from intervals
    group by sales_type

),

final as (

    select
        types.sales_type,
        coalesce(measured.pool_count, 0) as pool_count,
        case
            when measured.pool_count >= norm('ratio_min_intervals')
                then round(least(greatest(norm('risk_floor'), measured.ratios[1]), norm('risk_cap')), 9)
            else norm('risk_default')
        end as risk_ratio,
        case
            when measured.pool_count >= norm('ratio_min_intervals')
                then round(least(greatest(norm('sleep_floor'), measured.ratios[2]), norm('sleep_cap')), 9)
            else norm('sleep_default')
        end as sleep_ratio
    from (values ('transactional'), ('project')) as types (sales_type)
    left join measured on types.sales_type = measured.sales_type

)

select * from final

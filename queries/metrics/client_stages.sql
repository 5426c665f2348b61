-- Where each client stands in its life cycle: the first rule that fits, from prospect to regular. METHOD 4.
-- cycle_ratio is the days since the last order in order cycles, rounded to nine decimals as the ratios it is held against.
-- grain: one row per known client
-- params: as_of date
with

cycles as (

    select *
    from metrics.client_cycles

),

last_occasions as (

    select
        client_key,
        arg_max(gap_days, ordered_on) as last_interval_days,
        arg_max(longest_of_three_days, ordered_on) as longest_of_three_days
    from core.order_days
    where is_occasion and ordered_on <= $as_of
    group by client_key

),

data_begin as (

    select min(ordered_on) as first_order_on
    from core.order_days

),

contacted as (

    select distinct client_key
    from ref.touch_kinds
    where held_on <= $as_of and kind not in ('internal', 'attempt')

),

measured as (

    select
        cycles.client_key,
        cycles.order_count,
        cycles.cycle_days,
        cycles.first_order_on,
        $as_of - cycles.last_order_on as days_since_order,
        round(($as_of - cycles.last_order_on) / cycles.cycle_days, 9) as cycle_ratio,
        sleep_ratios.risk_ratio,
        sleep_ratios.sleep_ratio,
        sleep_ratios.pool_count,
        last_occasions.last_interval_days,
        last_occasions.longest_of_three_days,
        clients.is_marked_lost,
        coalesce(clients.client_since, cycles.first_order_on) as tenure_from,
        cycles.order_count > 0
        and clients.client_since is null
        and cycles.first_order_on
        <= data_begin.first_order_on + cast(floor(greatest(cycles.cycle_days, norm('tenure_min_days'))) as integer)
            as is_tenure_unknown,
        contacted.client_key is not null as is_contacted,
        client_revenue.revenue,
        client_revenue_before.revenue_before
    from cycles
    inner join core.clients using (client_key)
    inner join metrics.client_revenue using (client_key)
    inner join metrics.client_revenue_before using (client_key)
    left join last_occasions using (client_key)
    left join contacted using (client_key)
    left join metrics.sleep_ratios on cycles.sales_type = sleep_ratios.sales_type
    cross join data_begin

),

staged as (

    select
        *,
        case
            when order_count = 0 then 'prospect'
            when order_count = 1 and cycle_ratio > norm('one_time_ratio') then 'one_time'
            when
                is_marked_lost
                or (
                    cycle_ratio > norm('lost_sleep_multiple') * sleep_ratio
                    and days_since_order > norm('lost_days')
                )
                then 'lost'
            when cycle_ratio > sleep_ratio and days_since_order >= norm('asleep_min_days') then 'asleep'
            when round(last_interval_days / cycle_days, 9) >= sleep_ratio and days_since_order <= cycle_days then 'returned'
            when cycle_ratio > risk_ratio then 'drowsing'
            when
                order_count = 1
                or (
                    order_count = 2
                    and $as_of - first_order_on
                    <= greatest(norm('new_cycle_multiple') * cycle_days, norm('new_max_days'))
                )
                then 'new'
            when
                order_count >= norm('loyal_min_orders')
                and tenure_from <= cast($as_of - to_months(cast(norm('loyal_min_months') as integer)) as date)
                and longest_of_three_days <= norm('loyal_interval_ratio') * cycle_days
                and cast(revenue as double) >= round((1 - norm('loyal_max_decline')) * cast(revenue_before as double), 6)
                then 'loyal'
            else 'regular'
        end as status
    from measured

),

final as (

    select
        client_key,
        order_count,
        days_since_order,
        cycle_ratio,
        risk_ratio,
        sleep_ratio,
        status,
        case
            when status = 'prospect' and is_contacted then 'acquisition'
            when status = 'prospect' then 'reach'
            when status in ('new', 'one_time') then 'conversion'
            when status in ('regular', 'drowsing', 'returned') then 'retention'
            when status = 'loyal' then 'loyalty'
            else 'win_back'
        end as clm_stage,
        is_tenure_unknown,
        tenure_from,
        cycle_days,
        last_interval_days,
        pool_count
    from staged

)

select * from final

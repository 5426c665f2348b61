-- Whether the goal that a client's status sets is met, missed, still open, or unknown where the data cannot say. METHOD 4.
-- New: the second order within 1.5 cycles and every mandatory touch. Regular: revenue up, and one more category where
-- categories are given. Drowsing: a personal contact within two working days of the day it began to drowse. Lost: one try a
-- quarter. Returned: a mandatory touch since the order that brought it back. Prospect: open until the first order.
-- grain: one row per known client
-- params: as_of date
with

stages as (

    select
        client_stages.client_key,
        client_stages.status,
        client_stages.order_count,
        client_stages.cycle_days,
        client_stages.cycle_ratio,
        client_stages.last_interval_days,
        client_cycles.last_order_on,
        client_cycles.last_order_on
        + cast(floor(round(client_stages.risk_ratio * client_stages.cycle_days, 9)) as integer)
        + 1 as drowsing_from,
        client_revenue.revenue,
        client_revenue_before.revenue_before
    from metrics.client_stages
    inner join metrics.client_cycles using (client_key)
    inner join metrics.client_revenue using (client_key)
    inner join metrics.client_revenue_before using (client_key)

),

compliance as (

    select
        client_key,
        status = 'no_data' as is_unlogged,
        done_mandatory >= round(norm_mandatory, 9) as is_mandatory_met
    from metrics.touch_compliance

),

categories as (

    select
        order_lines.client_key,
        count(distinct order_lines.category) filter (
            where order_lines.ordered_on > cast($as_of - to_months(cast(norm('revenue_months') as integer)) as date)
        ) as category_count,
        count(distinct order_lines.category) filter (
            where order_lines.ordered_on <= cast($as_of - to_months(cast(norm('revenue_months') as integer)) as date)
        ) as category_count_before
    from core.order_lines
    inner join stages using (client_key)
    where
        stages.status = 'regular'
        and order_lines.category is not null
        and order_lines.ordered_on <= $as_of
        and order_lines.ordered_on > cast($as_of - to_months(cast(2 * norm('revenue_months') as integer)) as date)
    group by order_lines.client_key

),

deadlines as (

    select
        stages.client_key,
        begun.working_index + norm('goal_call_days') as call_index,
        today.working_index as today_index
    from stages
    inner join ref.calendar as begun on stages.drowsing_from = begun.day
    inner join ref.calendar as today on $as_of = today.day
    where stages.status = 'drowsing'

),

touches as (

    select
        stages.client_key,
        bool_or(
            touch_kinds.is_personal
            and touch_kinds.kind not in ('internal', 'attempt')
            and touch_kinds.held_on >= stages.drowsing_from
            and held.working_index <= deadlines.call_index
        ) as is_called,
        bool_or(
            touch_kinds.kind <> 'internal'
            and touch_kinds.held_on > cast($as_of - to_months(cast(norm('goal_try_months') as integer)) as date)
        ) as is_tried,
        bool_or(touch_kinds.is_mandatory and touch_kinds.held_on >= stages.last_order_on) as is_checked
    from ref.touch_kinds
    inner join stages using (client_key)
    left join deadlines on stages.client_key = deadlines.client_key
    left join ref.calendar as held on touch_kinds.held_on = held.day
    where
        stages.status in ('drowsing', 'lost', 'returned')
        and touch_kinds.held_on <= $as_of
    group by stages.client_key

),

final as (

    select
        stages.client_key,
        case
            when stages.status = 'prospect' then 'open'
            when stages.status in ('one_time', 'loyal', 'asleep') then 'unknown'
            when stages.status = 'regular'
                then
                    case
                        when stages.revenue_before <= 0 then 'unknown'
                        when stages.revenue <= stages.revenue_before then 'open'
                        when categories.category_count <= categories.category_count_before then 'open'
                        else 'met'
                    end
            when
                stages.status = 'new'
                and stages.order_count > 1
                and stages.last_interval_days > round(norm('goal_second_order_ratio') * stages.cycle_days, 9)
                then 'missed'
            when coalesce(compliance.is_unlogged, true) then 'unknown'
            when stages.status = 'new'
                then
                    case when stages.order_count > 1 and compliance.is_mandatory_met then 'met' else 'open' end
            when stages.status = 'returned' then case when touches.is_checked then 'met' else 'open' end
            when stages.status = 'lost' then case when touches.is_tried then 'met' else 'missed' end
            when touches.is_called then 'met'
            when deadlines.today_index <= deadlines.call_index then 'open'
            else 'missed'
        end as goal_state,
        case when stages.status = 'drowsing' then stages.drowsing_from end as drowsing_from
    from stages
    left join compliance using (client_key)
    left join categories using (client_key)
    left join touches using (client_key)
    left join deadlines using (client_key)

)

select * from final

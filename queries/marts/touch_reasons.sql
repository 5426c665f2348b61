-- Which reasons were used in the last 24 months and how often an order came within the client's cycle after such a touch.
-- Only touches whose cycle has run out by the date are judged: of the others it is not known yet. METHOD 2.5.
-- effect_rate and its 95 % interval (Wilson); is_enough: at least 30 judged touches.
-- grain: one row per reason and anti-reason of the dictionary
-- params: as_of date, manager varchar, segment varchar, region varchar, class varchar
with

touches as (

    select
        touch_kinds.touch_key,
        touch_kinds.client_key,
        touch_kinds.reason,
        touch_kinds.held_on,
        touch_kinds.is_personal,
        touch_kinds.held_on + cast(round(client_cycles.cycle_days) as integer) as judged_on
    from ref.touch_kinds
    inner join metrics.selected_clients using (client_key)
    inner join metrics.client_cycles using (client_key)
    where
        touch_kinds.is_contact
        and touch_kinds.reason is not null
        and touch_kinds.held_on <= $as_of
        and touch_kinds.held_on > cast($as_of - to_months(cast(norm('cycle_window_months') as integer)) as date)

),

followed as (

    select distinct touches.touch_key
    from touches
    inner join core.order_days
        on
            touches.client_key = order_days.client_key
            and touches.held_on < order_days.ordered_on
            and touches.judged_on >= order_days.ordered_on
    where order_days.is_occasion and touches.judged_on <= $as_of

),

counted as (

    select
        touches.reason,
        count(*) as touch_count,
        count(distinct touches.client_key) as client_count,
        count(*) filter (where touches.is_personal) as personal_count,
        count(*) filter (where touches.judged_on <= $as_of) as judged_count,
        count(followed.touch_key) as ordered_count
    from touches
    left join followed using (touch_key)
    group by touches.reason

),

final as (

    select
        reasons.code as reason,
        reasons.is_anti in ('1', 'true', 'yes') as is_anti_reason,
        coalesce(counted.touch_count, 0) as touch_count,
        coalesce(counted.client_count, 0) as client_count,
        coalesce(counted.personal_count, 0) as personal_count,
        coalesce(counted.judged_count, 0) as judged_count,
        coalesce(counted.ordered_count, 0) as ordered_count,
        coalesce(counted.judged_count, 0) >= norm('effect_min_touches') as is_enough,
        case
            when counted.judged_count >= norm('effect_min_touches') then counted.ordered_count / counted.judged_count
        end as effect_rate,
        case
            when counted.judged_count >= norm('effect_min_touches')
                then wilson_low(counted.ordered_count, counted.judged_count)
        end as low_rate,
        case
            when counted.judged_count >= norm('effect_min_touches')
                then wilson_high(counted.ordered_count, counted.judged_count)
        end as high_rate,
        cast($as_of - to_months(cast(norm('cycle_window_months') as integer)) as date) + 1 as since_on
    from ref.reasons
    left join counted on reasons.code = counted.reason

)

select * from final
order by is_anti_reason asc, try_cast(substr(reason, 2) as integer) asc, reason asc

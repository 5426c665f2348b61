-- Each of a client's last intervals (6) and whether a personal touch fell in the pre-order window before the order that
-- came. The window is as long as the client's is now: [order − max(3 d, 0.2·T), order). METHOD 2.4.
-- Intervals whose window opens before anybody logged anything say nothing and are left out.
-- grain: one row per client and interval, by the day of the order that ended it
-- params: as_of date
with

intervals as (

    select
        client_key,
        ordered_on,
        gap_days
    from core.order_days
    where is_occasion and gap_days is not null and ordered_on <= $as_of
    qualify row_number() over (
        partition by client_key
        order by ordered_on desc
    ) <= norm('preorder_intervals')

),

logged as (

    select min(held_on) as first_logged_on
    from ref.touch_kinds
    where held_on <= $as_of

),

windows as (

    select
        intervals.client_key,
        intervals.ordered_on,
        intervals.gap_days,
        intervals.ordered_on
        - cast(client_cycles.expected_order_on - client_cycles.window_opens_on as integer) as window_opens_on
    from intervals
    inner join metrics.client_cycles using (client_key)

),

touches as (

    select
        windows.client_key,
        windows.ordered_on,
        max(touch_kinds.held_on) as touched_on,
        arg_max(touch_kinds.touch_key, touch_kinds.held_on) as touch_key
    from windows
    inner join ref.touch_kinds
        on
            windows.client_key = touch_kinds.client_key
            and windows.window_opens_on <= touch_kinds.held_on
            and windows.ordered_on > touch_kinds.held_on
    where touch_kinds.is_contact and touch_kinds.is_personal
    group by windows.client_key, windows.ordered_on

),

final as (

    select
        windows.client_key,
        windows.ordered_on,
        windows.gap_days,
        windows.window_opens_on,
        touches.touched_on,
        touches.touch_key
    from windows
    inner join logged on windows.window_opens_on >= logged.first_logged_on
    left join touches using (client_key, ordered_on)

)

select * from final

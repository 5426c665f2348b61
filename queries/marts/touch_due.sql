-- The week's list: clients whose next touch is due by the date plus the days of the feed (7), why, and which kind is owed.
-- why: window (the pre-order window is open or opens), never (never contacted), norm (the norm's pace since the last
-- contact has run out). kind: what to do first, of the kinds owed; a window asks for the touch about the next order.
-- Clients whose manager logs nothing are here only for their window: when they were touched is not known. METHOD 2.4.
-- grain: one row per client that is not asleep or lost
-- params: as_of date, manager varchar, segment varchar, region varchar, class varchar
with

candidates as (

    select
        portfolio.*,
        client_cycles.expected_order_on,
        client_cycles.window_opens_on,
        client_cycles.window_opens_on <= $as_of + cast(norm('feed_days') as integer)
        and client_cycles.expected_order_on > $as_of
        and (portfolio.last_contact_on is null or portfolio.last_contact_on < client_cycles.window_opens_on) as is_window
    from metrics.touch_portfolio as portfolio
    inner join metrics.client_cycles using (client_key)
    where not portfolio.is_sleeping

),

due as (

    select
        *,
        case
            when is_window then 'window'
            when last_contact_on is null then 'never'
            else 'norm'
        end as why
    from candidates
    where is_window or (is_logged and next_touch_on <= $as_of + cast(norm('feed_days') as integer))

),

final as (

    select
        client_id,
        client_name,
        manager,
        class,
        revenue,
        status,
        touch_status,
        why,
        case
            when why = 'window' and owed_need > 0 then 'need'
            when owed_mandatory > 0 then 'mandatory'
            when owed_need > 0 then 'need'
            when owed_standard > 0 then 'standard'
            when why = 'window' then 'need'
            else 'standard'
        end as kind,
        next_touch_on,
        greatest($as_of - next_touch_on, 0) as late_days,
        last_contact_on,
        window_opens_on,
        expected_order_on,
        owed_mandatory,
        owed_standard,
        owed_need,
        owed_count,
        norm_mandatory,
        norm_standard,
        norm_need,
        norm_total,
        done_mandatory,
        done_standard,
        done_need,
        compliance,
        counted_mandatory,
        counted_standard,
        counted_need,
        counted_total,
        mandatory_per_order,
        window_order_count,
        contact_count,
        window_days,
        window_months,
        cycle_days,
        is_logged,
        segment,
        region
    from due

)

select * from final
order by next_touch_on asc, revenue desc, client_id asc

-- What compliance was counted from: the orders and the activities of a client's own window, each with what it counts as
-- and the row of the file it came from. METHOD 2.2, 2.3.
-- row_kind: order or touch; an order's rows are its lines. counts: whether the row is part of the figure.
-- client_id: of one client; else of the portfolio. contacts: true leaves the contacts of the norm only.
-- grain: one row per order line and activity in the client's window
-- params: as_of date, manager varchar, segment varchar, region varchar, class varchar, client_id varchar, contacts boolean
with

spans as (

    select
        client_key,
        client_id,
        client_name,
        window_days
    from metrics.touch_portfolio
    where case when $client_id is null then is_measured else client_id = $client_id end

),

orders as (

    select
        'order' as row_kind,
        spans.client_id,
        spans.client_name,
        order_lines.ordered_on as day_on,
        cast(null as varchar) as kind,
        cast(null as varchar) as reason,
        order_days.is_occasion as counts,
        cast(null as boolean) as is_personal,
        cast(null as varchar) as channel,
        coalesce(order_lines.product, order_lines.order_id) as subject,
        order_lines.manager,
        order_lines.amount,
        order_lines.sheet_id,
        order_lines.row_number
    from spans
    inner join core.order_lines using (client_key)
    inner join core.order_days
        on
            order_lines.client_key = order_days.client_key
            and order_lines.ordered_on = order_days.ordered_on
    where
        order_lines.ordered_on <= $as_of
        and $as_of - order_lines.ordered_on < spans.window_days
        and not coalesce($contacts, false)

),

touches as (

    select
        'touch' as row_kind,
        spans.client_id,
        spans.client_name,
        touch_kinds.held_on as day_on,
        touch_kinds.kind,
        touch_kinds.reason,
        touch_kinds.is_mandatory or touch_kinds.is_standard or touch_kinds.is_need as counts,
        touch_kinds.is_personal,
        coalesce(touches.channel, touches.type) as channel,
        coalesce(touches.subject, touches.text) as subject,
        touches.manager,
        cast(null as decimal(18, 4)) as amount,
        touches.sheet_id,
        touches.row_number
    from spans
    inner join ref.touch_kinds using (client_key)
    inner join core.touches using (touch_key)
    where
        touch_kinds.held_on <= $as_of
        and $as_of - touch_kinds.held_on < spans.window_days
        and (touch_kinds.is_contact or not coalesce($contacts, false))

),

both_kinds as (

    select * from orders
    union all
    select * from touches

),

final as (

    select
        both_kinds.* exclude (sheet_id),
        sources.file,
        sources.sheet
    from both_kinds
    left join core.sources using (sheet_id)

)

select * from final
order by day_on desc, row_kind asc, row_number asc

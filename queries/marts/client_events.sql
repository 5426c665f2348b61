-- Everything that happened with one client, on one axis of time: orders, touches and promises.
-- lane: order, touch, promise. code: returns or order; the kind of a touch; the state of a promise. A promise stands on
-- the day it is due (undated: the day it was made), from_on is the day it was made.
-- grain: one row per order day, activity and promise of the client
-- params: as_of date, client_id varchar
with

known as (

    select client_key
    from core.clients
    where client_id = $client_id

),

orders as (

    select
        'order' as lane,
        order_days.ordered_on as day_on,
        cast(null as date) as from_on,
        case when order_days.is_occasion then 'order' else 'return' end as code,
        order_days.amount,
        cast(null as varchar) as subject,
        cast(null as varchar) as person,
        cast(null as boolean) as is_personal,
        order_days.line_count,
        order_days.gap_days
    from known
    inner join core.order_days using (client_key)
    where order_days.ordered_on <= $as_of

),

touches as (

    select
        'touch' as lane,
        touch_kinds.held_on as day_on,
        cast(null as date) as from_on,
        touch_kinds.kind as code,
        cast(null as decimal(18, 4)) as amount,
        coalesce(touches.subject, touches.text, touches.result) as subject,
        touches.manager as person,
        touch_kinds.is_personal,
        cast(null as bigint) as line_count,
        cast(null as integer) as gap_days
    from known
    inner join ref.touch_kinds using (client_key)
    inner join core.touches using (touch_key)
    where touch_kinds.held_on <= $as_of

),

promises as (

    select
        'promise' as lane,
        coalesce(promise_states.due_on, promise_states.made_on, promise_states.done_on) as day_on,
        promise_states.made_on as from_on,
        promise_states.state as code,
        cast(null as decimal(18, 4)) as amount,
        promise_states.text as subject,
        promise_states.owner as person,
        cast(null as boolean) as is_personal,
        cast(null as bigint) as line_count,
        cast(null as integer) as gap_days
    from known
    inner join metrics.promise_states using (client_key)

),

final as (

    select * from orders
    union all
    select * from touches
    union all
    select * from promises

)

select * from final
where day_on is not null
order by day_on asc, lane asc

-- The latest event of each client by the date, of any kind: an order or a return, an activity that is not internal (an
-- attempt counts: somebody thought of the client), a promise made, kept or postponed on record, a request and its answer.
-- METHOD 6.
-- grain: one row per client with an event
-- params: as_of date
with

promises as (

    select
        promise_id,
        client_key,
        made_on,
        done_on
    from core.promises
    where client_key is not null

),

events as (

    select
        client_key,
        max(ordered_on) as event_on
    from core.order_days
    where ordered_on <= $as_of
    group by client_key

    union all

    select
        client_key,
        max(held_on) as event_on
    from ref.touch_kinds
    where held_on <= $as_of and kind <> 'internal'
    group by client_key

    union all

    select
        client_key,
        made_on as event_on
    from promises
    where made_on <= $as_of

    union all

    select
        client_key,
        done_on as event_on
    from promises
    where done_on <= $as_of

    union all

    select
        promises.client_key,
        promise_moves.moved_on as event_on
    from core.promise_moves
    inner join promises using (promise_id)
    where promise_moves.is_dated and promise_moves.moved_on <= $as_of

    union all

    select
        client_key,
        case when answered_on <= $as_of then greatest(received_on, answered_on) else received_on end as event_on
    from core.requests
    where received_on <= $as_of

),

final as (

    select
        client_key,
        max(event_on) as last_event_on
    from events
    group by client_key

)

select * from final

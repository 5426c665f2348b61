-- Agenda: silent moves at key clients, a line per promise with the latest of them. METHOD 5 and 8.
-- Found by an export of the last report interval (7 days), or earlier and the promise still not done: until then the client
-- has to be told. Money: the client's revenue.
-- grain: one row per promise
-- params: as_of date
with

silent as (

    select
        promise_id,
        from_due_on,
        to_due_on,
        moved_on
    from metrics.promise_moves
    where turn = 1 and not is_recorded
    qualify row_number() over (
        partition by promise_id
        order by move_number desc
    ) = 1

),

final as (

    select
        promise_states.client_key,
        promise_states.client_id,
        promise_states.promise_id as item,
        promise_states.owner,
        client_stakes.revenue as money,
        case when promise_states.silent_move_count > 1 then 'silent_moves_again' else 'silent_move' end as reason_code,
        to_json({
            'count': promise_states.silent_move_count,
            'text': coalesce(promise_states.text, promise_states.promise_id),
            'from_on': silent.from_due_on,
            'to_on': silent.to_due_on,
            'found_on': silent.moved_on
        }) as facts,
        to_json({
            'mart': 'marts.evidence_promise', 'params': { 'promise_id': promise_states.promise_id }
        }) as evidence
    from silent
    inner join metrics.promise_states using (promise_id)
    inner join metrics.key_clients using (client_key)
    inner join metrics.client_stakes using (client_key)
    where
        key_clients.is_key
        and (
            silent.moved_on > $as_of - cast(norm('report_days') as integer)
            or promise_states.state in ('open', 'overdue')
        )

)

select * from final

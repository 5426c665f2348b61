-- Agenda: overdue promises, a line each; those that call for a notice to the client's management say so. METHOD 5 and 8.
-- Money: the client's revenue; null where no such client is known.
-- grain: one row per overdue promise
-- params: as_of date
with

overdue as (

    select
        *,
        move_count >= norm('escalate_moves') or days_overdue > norm('escalate_days') as is_escalated
    from metrics.promise_states
    where state = 'overdue'

),

final as (

    select
        overdue.client_key,
        overdue.client_id,
        overdue.promise_id as item,
        overdue.owner,
        client_stakes.revenue as money,
        case when overdue.is_escalated then 'overdue_escalate' else 'overdue' end as reason_code,
        to_json({
            'count': overdue.days_overdue,
            'text': coalesce(overdue.text, overdue.promise_id),
            'due_on': overdue.due_on,
            'working_days': overdue.working_days_overdue,
            'moves': overdue.move_count
        }) as facts,
        to_json({ 'mart': 'marts.evidence_promise', 'params': { 'promise_id': overdue.promise_id } }) as evidence
    from overdue
    left join metrics.client_stakes using (client_key)

)

select * from final

-- What became of every promise, how late it is and how it was moved.
-- grain: one row per promise
-- params: as_of date
select
    promise_states.promise_id,
    promise_states.client_id,
    promise_states.owner,
    promise_states.original_due_on,
    promise_states.due_on,
    promise_states.done_on,
    promise_states.state,
    promise_states.days_overdue,
    promise_states.working_days_overdue,
    promise_states.move_count,
    promise_states.silent_move_count,
    promise_states.postponement_score,
    promise_states.agreed_due_on,
    promise_states.text,
    promise_states.made_on,
    coalesce(clients.client_name, promise_states.client_id) as client_name,
    clients.manager,
    clients.segment,
    clients.region,
    sources.file,
    sources.sheet,
    promise_states.row_number
from metrics.promise_states
left join core.clients on promise_states.client_key = clients.client_key
left join core.sources on promise_states.sheet_id = sources.sheet_id
order by promise_states.promise_id asc

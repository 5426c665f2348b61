-- Promises for free exploring: each with its state at the date, its client's traits, own columns, and the row of the newest export.
-- A promise whose client is not known keeps the client's name as it was written.
-- grain: one row per promise
-- params: as_of date
select
    promise_states.made_on,
    promise_states.original_due_on,
    promise_states.due_on,
    promise_states.done_on,
    promise_states.client_id,
    coalesce(traits.client_name, promise_states.client_id) as client_name,
    promise_states.owner,
    traits.manager,
    traits.segment,
    traits.region,
    traits.industry,
    traits.class,
    traits.status,
    promise_states.state,
    promise_states.days_overdue,
    promise_states.working_days_overdue,
    promise_states.move_count,
    promise_states.silent_move_count,
    promise_states.postponement_score,
    promise_states.text,
    promise_states.promise_id,
    sources.file,
    sources.sheet,
    promise_states.row_number,
    promises.extra,
    traits.client_extra
from metrics.promise_states
inner join core.promises on promise_states.promise_id = promises.promise_id
left join core.sources on promise_states.sheet_id = sources.sheet_id
left join metrics.client_traits as traits on promise_states.client_key = traits.client_key

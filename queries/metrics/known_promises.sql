-- Promises known at the date, as the newest export by then shows each, with the due that was stated first. METHOD 5.
-- Known: made on or before the date, or where that is not known first seen in an export taken by then.
-- grain: one row per promise, cancelled ones among them
-- params: as_of date
with

seen as (

    select
        snapshots.*,
        snapshots.captured_on <= $as_of as is_by_then,
        promises.first_captured_on
    from core.promise_snapshots as snapshots
    inner join core.promises using (promise_id)

),

visible as (

    select *
    from seen
    where is_by_then or captured_on = first_captured_on

),

standing as (

    select
        promise_id,
        arg_min(original_due_on, captured_on) as original_column_on,
        arg_min(due_on, captured_on) as first_due_on,
        arg_max(client_key, captured_on) as client_key,
        arg_max(client_id, captured_on) as client_id,
        arg_max(owner, captured_on) as owner,
        arg_max(text, captured_on) as text,
        arg_max_null(status_state, captured_on) as status_state,
        min(captured_on) as first_captured_on,
        arg_max(sheet_id, captured_on) as sheet_id,
        arg_max(row_number, captured_on) as row_number
    from visible
    group by promise_id

),

final as (

    select
        standing.*,
        promises.made_on,
        promises.done_seen_on,
        case when promises.done_on <= $as_of then promises.done_on end as done_on,
        promises.done_on is not null as has_done_day,
        coalesce(standing.original_column_on, standing.first_due_on) as stated_due_on,
        coalesce(standing.status_state = 'cancelled', false) as is_cancelled
    from standing
    inner join core.promises using (promise_id)
    where coalesce(promises.made_on <= $as_of, standing.first_captured_on <= $as_of)

)

select * from final

-- Promises: what was promised to whom, by the newest export; the original due is the column's, as first seen,
-- else the due of the first export that had one (METHOD 5).
-- grain: one row per promise
with

snapshots as (

    select
        promise_id,
        min(captured_on) as first_captured_on,
        max(captured_on) as last_captured_on,
        arg_max(client_key, captured_on) as client_key,
        arg_max(client_id, captured_on) as client_id,
        arg_max(owner, captured_on) as owner,
        arg_max(text, captured_on) as text,
        arg_min(made_on, captured_on) as made_on,
        coalesce(arg_min(original_due_on, captured_on), arg_min(due_on, captured_on)) as original_due_on,
        arg_max_null(done_on, captured_on) as done_on,
        min(captured_on) filter (where status_state = 'done') as done_seen_on,
        arg_max(extra, captured_on) as extra,
        arg_max(sheet_id, captured_on) as sheet_id,
        arg_max(row_number, captured_on) as row_number
    from core.promise_snapshots
    group by promise_id

),

first_moves as (

    select
        promise_id,
        arg_min(to_due_on, move_number) as to_due_on
    from core.promise_moves
    group by promise_id

),

final as (

    select
        cast(row_number() over (order by snapshots.promise_id) as integer) as promise_key,
        snapshots.* replace (coalesce(snapshots.original_due_on, first_moves.to_due_on) as original_due_on)
    from snapshots
    left join first_moves using (promise_id)

)

select * from final
order by promise_key asc

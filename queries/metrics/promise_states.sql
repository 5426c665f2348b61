-- Every promise known at the date: kept on time, as agreed or late, open, overdue or undated; how it was moved. METHOD 5.
-- The due in force is that of the latest move by the date, recorded by somebody or seen between two exports; a move that
-- nobody recorded is silent. A promise marked done without a day is kept on time only where an export of a day up to the
-- due already shows it done; else it is undated. Cancelled promises are left out.
-- grain: one row per promise
-- params: as_of date
with

seen as (

    select
        *,
        captured_on <= $as_of as is_by_then,
        min(captured_on) over (partition by promise_id) as first_captured_on
    from core.promise_snapshots

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

known as (

    select
        standing.*,
        promises.made_on,
        promises.done_seen_on,
        case when promises.done_on <= $as_of then promises.done_on end as done_on,
        promises.done_on is not null as has_done_day,
        coalesce(standing.original_column_on, standing.first_due_on) as stated_due_on
    from standing
    inner join core.promises using (promise_id)
    where
        coalesce(promises.made_on <= $as_of, standing.first_captured_on <= $as_of)
        and standing.status_state is distinct from 'cancelled'

),

records as (

    select
        promise_id,
        moved_on,
        coalesce(new_due_on, to_due_on) as to_due_on,
        new_due_on is not null as has_new_date,
        is_dated,
        has_explanation,
        has_apology,
        true as is_recorded
    from core.promise_moves
    where moved_on <= $as_of

),

dues as (

    select
        seen.promise_id,
        seen.captured_on,
        seen.due_on,
        coalesce(
            lag(seen.due_on) over (
                partition by seen.promise_id
                order by seen.captured_on
            ),
            known.stated_due_on
        ) as due_before_on
    from seen
    inner join known using (promise_id)
    where seen.is_by_then and seen.due_on is not null

),

changes as (

    select
        promise_id,
        captured_on as moved_on,
        due_on as to_due_on
    from dues
    where due_on <> due_before_on

),

moves as (

    select
        promise_id,
        moved_on,
        to_due_on,
        has_new_date,
        is_dated,
        has_explanation,
        has_apology,
        is_recorded,
        0 as turn
    from records
    union all
    select
        changes.promise_id,
        changes.moved_on,
        changes.to_due_on,
        false as has_new_date,
        false as is_dated,
        false as has_explanation,
        false as has_apology,
        exists(
            select 1
            from records
            where records.promise_id = changes.promise_id and records.to_due_on = changes.to_due_on
        ) as is_recorded,
        1 as turn
    from changes

),

chained as (

    select
        moves.*,
        coalesce(
            last_value(moves.to_due_on ignore nulls) over (
                partition by moves.promise_id
                order by moves.moved_on, moves.turn
                rows between unbounded preceding and 1 preceding
            ),
            known.stated_due_on
        ) as from_due_on
    from moves
    inner join known using (promise_id)

),

scored as (

    select
        *,
        case
            when turn = 0
                then
                    cast(is_dated and coalesce(moved_on <= from_due_on, false) as integer)
                    + cast(has_explanation as integer)
                    + cast(has_apology as integer)
                    + cast(has_new_date as integer)
        end as score
    from chained

),

moved as (

    select
        promise_id,
        count(*) filter (where turn = 0 or not is_recorded) as move_count,
        count(*) filter (where turn = 1 and not is_recorded) as silent_move_count,
        arg_max(to_due_on, (moved_on, turn)) as due_on,
        arg_max(score, (moved_on, turn)) as postponement_score,
        arg_max(to_due_on, (moved_on, turn)) filter (where score = 4) as agreed_due_on
    from scored
    group by promise_id

),

dated as (

    select
        known.promise_id,
        known.client_key,
        known.client_id,
        known.owner,
        known.text,
        known.made_on,
        known.done_on,
        known.done_seen_on,
        known.sheet_id,
        known.row_number,
        known.status_state = 'done' and not known.has_done_day as is_done_undated,
        coalesce(known.stated_due_on, moved.due_on) as original_due_on,
        coalesce(moved.due_on, known.stated_due_on) as due_on,
        moved.agreed_due_on,
        coalesce(moved.move_count, 0) as move_count,
        coalesce(moved.silent_move_count, 0) as silent_move_count,
        moved.postponement_score
    from known
    left join moved using (promise_id)

),

stated as (

    select
        *,
        case
            when due_on is null then 'undated'
            when coalesce(is_done_undated, false) and done_seen_on <= original_due_on then 'kept_on_time'
            when coalesce(is_done_undated, false) then 'undated'
            when done_on <= original_due_on then 'kept_on_time'
            when done_on <= agreed_due_on then 'kept_as_agreed'
            when done_on is not null then 'kept_late'
            when due_on < $as_of then 'overdue'
            else 'open'
        end as state
    from dated

),

spans as (

    select
        *,
        case state when 'overdue' then due_on when 'kept_late' then original_due_on end as late_from_on,
        case state when 'overdue' then $as_of when 'kept_late' then done_on end as late_to_on
    from stated

),

final as (

    select
        spans.promise_id,
        spans.client_key,
        spans.client_id,
        spans.owner,
        spans.original_due_on,
        spans.due_on,
        spans.done_on,
        spans.state,
        coalesce(spans.late_to_on - spans.late_from_on, 0) as days_overdue,
        coalesce(to_calendar.working_index - from_calendar.working_index, 0) as working_days_overdue,
        spans.move_count,
        spans.silent_move_count,
        spans.postponement_score,
        spans.agreed_due_on,
        spans.text,
        spans.made_on,
        spans.sheet_id,
        spans.row_number
    from spans
    left join ref.calendar as from_calendar on spans.late_from_on = from_calendar.day
    left join ref.calendar as to_calendar on spans.late_to_on = to_calendar.day

)

select * from final

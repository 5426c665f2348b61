-- Every promise known at the date: kept on time, as agreed or late, open, overdue or undated; how it was moved. METHOD 5.
-- The due in force is that of the latest move by the date, recorded by somebody or seen between two exports. A promise
-- marked done without a day is kept on time only where an export of a day up to the due already shows it done; else it is
-- undated. Cancelled promises are left out.
-- grain: one row per promise
-- params: as_of date
with

known as (

    select *
    from metrics.known_promises
    where not is_cancelled

),

moved as (

    select
        promise_id,
        count(*) filter (where turn = 0 or not is_recorded) as move_count,
        count(*) filter (where turn = 1 and not is_recorded) as silent_move_count,
        arg_max(to_due_on, move_number) as due_on,
        arg_min(to_due_on, move_number) as first_due_on,
        arg_max(score, move_number) as postponement_score,
        arg_max(to_due_on, move_number) filter (where score = 4) as agreed_due_on
    from metrics.promise_moves
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
        known.status_state = 'done' and not known.has_done_day and known.done_seen_on <= $as_of as is_done_undated,
        coalesce(known.stated_due_on, moved.first_due_on) as original_due_on,
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

-- Every move of a known promise's due date by the date: recorded by somebody, or seen between two exports. METHOD 5.
-- turn: 0 a record, 1 a change that an export shows; a change that nobody recorded is a silent move (is_recorded false).
-- Exports are compared in the order of the days they were taken, whatever order they came in, and the first of them with
-- the due that was stated. score: proper postponement, 0–4, of a record.
-- move_number: the order of the moves, of one day what somebody wrote before what an export shows.
-- grain: one row per record and per change between exports
-- params: as_of date
with

known as (

    select
        promise_id,
        stated_due_on
    from metrics.known_promises
    where not is_cancelled

),

records as (

    select
        promise_id,
        moved_on,
        move_number as record_number,
        to_due_on,
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
        snapshots.promise_id,
        snapshots.captured_on,
        snapshots.due_on,
        coalesce(snapshots.due_before_on, known.stated_due_on) as due_before_on
    from core.promise_snapshots as snapshots
    inner join known using (promise_id)
    where snapshots.captured_on <= $as_of and snapshots.due_on is not null

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
        record_number,
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
        0 as record_number,
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

numbered as (

    select
        *,
        row_number() over (
            partition by promise_id
            order by moved_on, turn, record_number
        ) as move_number
    from moves

),

chained as (

    select
        numbered.*,
        coalesce(
            last_value(numbered.to_due_on ignore nulls) over (
                partition by numbered.promise_id
                order by numbered.move_number
                rows between unbounded preceding and 1 preceding
            ),
            known.stated_due_on
        ) as from_due_on
    from numbered
    inner join known using (promise_id)

),

final as (

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

)

select * from final

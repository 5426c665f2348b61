-- Postponements that somebody recorded. Without a new date in the record, the due date beside it is the new one.
-- moved_on is the day of the record, else the day of the first export that shows it. An explanation with neither day is
-- a comment, no record. move_number: the order of the records, those of one day as the exports show them.
-- grain: one row per recorded postponement of a promise
with

records as (

    select
        promise_id,
        moved_on,
        new_due_on,
        min((captured_on, sheet_id, row_number)) as first_place,
        coalesce(new_due_on, arg_min(due_on, (captured_on, sheet_id, row_number))) as to_due_on,
        bool_or(is_said(explanation)) as has_explanation,
        bool_or(is_said(apology)) as has_apology,
        arg_max(explanation, captured_on) as explanation,
        arg_max(told_by, captured_on) as told_by,
        arg_max(sheet_id, captured_on) as sheet_id,
        arg_max(row_number, captured_on) as row_number
    from core.promise_rows
    where
        reason is null
        and coalesce(moved_on, new_due_on) is not null
    group by
        promise_id,
        moved_on,
        new_due_on

),

final as (

    select
        promise_id,
        coalesce(moved_on, first_place[1]) as moved_on,
        cast(row_number() over (
            partition by promise_id
            order by coalesce(moved_on, first_place[1]), first_place
        ) as integer) as move_number,
        moved_on is not null as is_dated,
        new_due_on,
        to_due_on,
        has_explanation,
        has_apology,
        explanation,
        told_by,
        sheet_id,
        row_number
    from records

)

select * from final
order by promise_id asc, move_number asc

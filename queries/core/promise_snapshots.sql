-- A promise as each day's export showed it: exports are compared in the order of the days they were taken.
-- Two exports of one day: the later loaded wins. due_before_on is the due of the export before, where there was one.
-- given_owner: the owner's name as the row has it, where it is another spelling.
-- grain: one row per promise and captured_on
with

newest as (

    select *
    from core.promise_rows
    where reason is null
    qualify row_number() over (
        partition by promise_id, captured_on
        order by sheet_id desc, row_number desc
    ) = 1

),

dues as (

    select
        promise_id,
        captured_on,
        lag(due_on) over (
            partition by promise_id
            order by captured_on
        ) as due_before_on
    from newest
    where due_on is not null

),

final as (

    select
        newest.promise_id,
        newest.captured_on,
        newest.client_key,
        newest.client_id,
        people.person as owner,
        case when newest.owner <> people.person then newest.owner end as given_owner,
        newest.text,
        newest.made_on,
        newest.original_due_on,
        newest.due_on,
        dues.due_before_on,
        newest.done_on,
        newest.status,
        newest.status_state,
        newest.extra,
        newest.sheet_id,
        newest.row_number
    from newest
    left join dues
        on
            newest.promise_id = dues.promise_id
            and newest.captured_on = dues.captured_on
    left join core.people on newest.owner = people.form

)

select * from final
order by promise_id asc, captured_on asc

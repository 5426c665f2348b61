-- How promptly each request of a client was answered: request → first answer, in hours where both moments have a time of day,
-- in calendar and in working days (those after the day it came, up to and with the day of the answer). METHOD 5.
-- state: answered; with no answer by the date: named (a day for the answer is named and has not passed), broken (it has
-- passed), unnamed (no day was named). waiting_working_days: without an answer so far. An answer before its request is
-- answered, how fast is not known.
-- grain: one row per request that came by the date
-- params: as_of date
with

received as (

    select
        *,
        case when answered_on <= $as_of then answered_on end as answer_on,
        coalesce(answered_on <= $as_of, false) as is_answered
    from core.requests
    where received_on <= $as_of

),

ended as (

    select
        *,
        case when not is_answered then $as_of when answer_on >= received_on then answer_on end as end_on
    from received

),

spans as (

    select
        ended.*,
        ended.end_on - ended.received_on as span_days,
        ends.working_index - begins.working_index as span_working_days
    from ended
    left join ref.calendar as begins on ended.received_on = begins.day
    left join ref.calendar as ends on ended.end_on = ends.day

),

final as (

    select
        client_key,
        request_id,
        received_on,
        received_at,
        answer_on,
        answer_due_on,
        fixed_on,
        subject,
        severity as request_severity,
        case
            when is_answered then 'answered'
            when answer_due_on is null then 'unnamed'
            when answer_due_on < $as_of then 'broken'
            else 'named'
        end as request_state,
        case
            when is_answered and answered_at >= received_at
                then round(epoch(answered_at - received_at) / 3600, 2)
        end as answer_hours,
        case when is_answered then span_days end as answer_days,
        case when is_answered then span_working_days end as answer_working_days,
        case when not is_answered then span_working_days end as waiting_working_days,
        sheet_id,
        row_number
    from spans

)

select * from final

-- Requests for free exploring: how soon each was answered, its client's traits at the date, and the row of the file.
-- grain: one row per request
-- params: as_of date
select
    request_answers.received_on,
    traits.client_id,
    traits.client_name,
    traits.manager,
    traits.segment,
    traits.region,
    traits.industry,
    traits.class,
    traits.status,
    request_answers.request_state,
    request_answers.request_severity,
    request_answers.subject,
    request_answers.answer_on,
    request_answers.answer_due_on,
    request_answers.fixed_on,
    request_answers.answer_days,
    request_answers.answer_working_days,
    request_answers.waiting_working_days,
    request_answers.request_id,
    sources.file,
    sources.sheet,
    request_answers.row_number,
    requests.extra,
    traits.client_extra
from metrics.request_answers
inner join core.requests
    on
        request_answers.sheet_id = requests.sheet_id
        and request_answers.row_number = requests.row_number
inner join core.sources on request_answers.sheet_id = sources.sheet_id
left join metrics.client_traits as traits on request_answers.client_key = traits.client_key

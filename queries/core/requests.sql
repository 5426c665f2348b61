-- Requests of known clients: when each came, when it was first answered, which day was named for the answer.
-- grain: one row per kept row of a requests sheet
select
    client_key,
    received_on,
    received_at,
    request_id,
    answered_on,
    answered_at,
    answer_due_on,
    subject,
    severity,
    fixed_on,
    extra,
    sheet_id,
    row_number
from core.request_rows
where reason is null
order by client_key asc, received_on asc, sheet_id asc, row_number asc

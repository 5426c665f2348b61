-- Requests of clients as the sheets give them, typed. The moments are null where the text says a day only.
-- grain: one row per row of a requests sheet
select
    sheet_id,
    row_number,
    client_ref(client_id, client, tax_id) as client_ref,
    parse_id(request_id) as request_id,
    parse_date(received_at, style.received_at) as received_on,
    case when has_time(received_at) then parse_time(received_at, style.received_at) end as received_at,
    parse_date(answered_at, style.answered_at) as answered_on,
    case when has_time(answered_at) then parse_time(answered_at, style.answered_at) end as answered_at,
    parse_date(answer_due_on, style.answer_due_on) as answer_due_on,
    plain_text(subject) as subject,
    clean_text(severity) as severity,
    parse_date(fixed_on, style.fixed_on) as fixed_on,
    received_at as received_text,
    answered_at as answered_text,
    answer_due_on as answer_due_text,
    fixed_on as fixed_text,
    extra
from raw.requests

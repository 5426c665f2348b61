-- Activities with known clients. Sorted for questions by client and day.
-- grain: one row per kept row of a touches sheet
select
    cast(row_number() over (order by client_key asc, held_on asc, held_at asc, sheet_id asc, row_number asc) as integer) as touch_key,
    client_key,
    held_on,
    held_at,
    created_at,
    touch_id,
    channel,
    type,
    status,
    given_kind,
    given_reason,
    subject,
    text,
    result,
    manager,
    contact,
    order_id,
    deal_id,
    minutes,
    sku,
    event_name,
    extra,
    sheet_id,
    row_number
from core.touch_rows
where reason is null
order by touch_key asc

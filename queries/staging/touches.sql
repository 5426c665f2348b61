-- Activities as the sheets give them, typed; what kind of touch each is, is said later by the rules.
-- view: core.touch_rows alone reads it
-- grain: one row per row of a touches sheet
select
    sheet_id,
    row_number,
    client_id as client_id_text,
    client as client_text,
    tax_id as tax_id_text,
    parse_id(touch_id) as touch_id,
    parse_date(held_on, style.held_on) as held_on,
    parse_time(held_on, style.held_on) as held_at,
    parse_time(created_at, style.created_at) as created_at,
    clean_text(status) as status,
    clean_text(channel) as channel,
    clean_text(type) as type,
    clean_text(kind) as given_kind,
    clean_text(reason) as given_reason,
    plain_text(subject) as subject,
    plain_text(text) as text,
    plain_text(result) as result,
    clean_text(manager) as manager,
    clean_text(contact) as contact,
    parse_id(order_id) as order_id,
    parse_id(deal_id) as deal_id,
    parse_minutes(minutes, style.minutes) as minutes,
    parse_id(sku) as sku,
    clean_text(event_name) as event_name,
    held_on as held_on_text,
    created_at as created_text,
    minutes as minutes_text,
    extra
from raw.touches

-- The order lines that count, of known clients, in the workspace's currency; what was given in another one stands beside.
-- Sorted for questions by client and day.
-- grain: one row per counted row of an orders sheet
select
    client_key,
    ordered_on,
    amount,
    order_id,
    margin,
    discount,
    quantity,
    price,
    given_amount,
    given_currency,
    rate,
    manager,
    sku,
    product,
    category,
    document_type,
    status,
    is_return,
    extra,
    sheet_id,
    row_number
from core.order_rows
where reason is null
order by client_key asc, ordered_on asc, sheet_id asc, row_number asc

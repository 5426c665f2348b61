-- The figures of order lines beside the amount, as the cells have them.
-- view: core.order_unread alone reads it
-- grain: one row per row of an orders sheet
select
    sheet_id,
    row_number,
    margin,
    discount,
    quantity,
    price,
    list_price
from raw.orders

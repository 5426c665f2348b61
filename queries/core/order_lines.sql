-- The order lines that count, of known clients, in the workspace's currency; what was given in another one stands beside.
-- given_manager: the manager's name as the row has it, where it is another spelling.
-- Sorted for questions by client and day.
-- sparse: order_id, margin, discount, quantity, price, list_price, given_amount, given_currency, rate, manager
-- sparse: given_manager of manager, sku, product, category, document_type, status, extra
-- packed: order_id
-- grain: one row per counted row of an orders sheet
select
    order_rows.client_key,
    order_rows.ordered_on,
    order_rows.amount,
    order_rows.order_id,
    order_rows.margin,
    order_rows.discount,
    order_rows.quantity,
    order_rows.price,
    order_rows.list_price,
    order_rows.given_amount,
    order_rows.given_currency,
    order_rows.rate,
    people.person as manager,
    case when order_rows.manager <> people.person then order_rows.manager end as given_manager,
    order_rows.sku,
    order_rows.product,
    order_rows.category,
    order_rows.document_type,
    order_rows.status,
    order_rows.is_return,
    order_rows.extra,
    order_rows.sheet_id,
    order_rows.row_number
from core.order_rows
left join core.people on order_rows.manager = people.form
where order_rows.reason is null
order by order_rows.client_key asc, order_rows.ordered_on asc, order_rows.sheet_id asc, order_rows.row_number asc

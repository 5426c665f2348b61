-- Order lines of zero amount. Distorts the number of orders and the cycle: a day whose sum is zero is no order (METHOD 0.2).
-- grain: one row per order line
-- params: manager varchar
select
    clients.client_id,
    clients.client_name,
    order_lines.ordered_on,
    order_lines.order_id,
    order_lines.product,
    order_lines.amount,
    order_lines.document_type,
    sources.file,
    sources.sheet,
    order_lines.row_number,
    order_lines.sheet_id
from core.order_lines
inner join core.sources using (sheet_id)
inner join core.clients using (client_key)
where
    order_lines.amount = 0
    and ($manager is null or clients.manager = $manager)
order by order_lines.ordered_on desc, clients.client_id asc, order_lines.row_number asc

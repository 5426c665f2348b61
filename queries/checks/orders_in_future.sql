-- Order lines dated after the day on which their export was taken: nobody can have delivered by then.
-- Distorts every figure: the date that reports open with is the latest in the data (METHOD 0.1), revenue and cycles move with it.
-- The border is the captured date of the sheet, not the report's date: what is wrong stays wrong on any date.
-- grain: one row per order line
-- params: manager varchar
select
    clients.client_id,
    clients.client_name,
    order_lines.ordered_on,
    order_lines.order_id,
    order_lines.product,
    order_lines.amount,
    sources.captured_on,
    sources.file,
    sources.sheet,
    order_lines.row_number,
    order_lines.sheet_id
from core.order_lines
inner join core.sources using (sheet_id)
inner join core.clients using (client_key)
where
    order_lines.ordered_on > sources.captured_on
    and ($manager is null or clients.manager = $manager)
order by order_lines.ordered_on desc, clients.client_id asc, order_lines.row_number asc

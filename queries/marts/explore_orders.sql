-- Order lines for free exploring: each with its client's traits at the date, its own columns, and the row of the file.
-- What no column of the product takes is kept in extra (of the line) and client_extra (of its client).
-- grain: one row per order line
-- params: as_of date
select
    order_lines.ordered_on,
    traits.client_id,
    traits.client_name,
    traits.manager,
    traits.segment,
    traits.region,
    traits.industry,
    traits.class,
    traits.status,
    order_lines.amount,
    order_lines.margin,
    order_lines.discount,
    order_lines.quantity,
    order_lines.price,
    order_lines.list_price,
    order_lines.product,
    order_lines.category,
    order_lines.sku,
    order_lines.order_id,
    order_lines.document_type,
    order_lines.is_return,
    order_lines.manager as order_manager,
    sources.file,
    sources.sheet,
    order_lines.row_number,
    order_lines.extra,
    traits.client_extra
from core.order_lines
inner join core.sources using (sheet_id)
left join metrics.client_traits as traits using (client_key)
where order_lines.ordered_on <= $as_of

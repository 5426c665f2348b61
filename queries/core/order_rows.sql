-- Order lines with the client they mean, and the reason why a line does not count (null: it counts).
-- A deal that is not won is no order at all; only then is it asked whose it is, and only then what its cells say.
-- transient: kept lines go to core.order_lines, the others to core.rejects
-- view: both take their own rows of it
-- grain: one row per row of an orders sheet
select
    order_values.sheet_id,
    order_values.row_number,
    order_values.ordered_on,
    order_values.order_id,
    order_values.amount,
    order_values.margin,
    order_values.discount,
    order_values.quantity,
    order_values.price,
    order_values.list_price,
    order_values.given_amount,
    order_values.given_currency,
    order_values.rate,
    order_values.manager,
    order_values.sku,
    order_values.product,
    order_values.category,
    order_values.document_type,
    order_values.status,
    order_values.is_return,
    order_values.extra,
    order_values.has_unread,
    client_links.client_key,
    case
        when not order_values.is_order then order_values.reason
        when client_links.client_ref is null then 'client_missing'
        when client_links.is_ambiguous then 'client_ambiguous'
        when client_links.client_key is null then 'client_unknown'
        else order_values.reason
    end as reason,
    case
        when not order_values.is_order then order_values.reason_value
        when client_links.client_key is null then replace(trim(client_links.client_ref, chr(31)), chr(31), ' · ')
        else order_values.reason_value
    end as reason_value
from core.order_values
inner join core.client_links using (cell_key)

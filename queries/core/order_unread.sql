-- The figures beside the amount that could not be read in order lines that count, with what the cells say.
-- transient: core.rejects has those of all tables
-- grain: one row per such cell, and per cell that says nothing in a way that core.rejects knows
with

unread as (

    select
        order_rows.sheet_id,
        order_rows.row_number,
        case when order_rows.margin is null then order_figures.margin end as margin,
        case when order_rows.discount is null then order_figures.discount end as discount,
        case when order_rows.quantity is null then order_figures.quantity end as quantity,
        case when order_rows.price is null then order_figures.price end as price,
        case when order_rows.list_price is null then order_figures.list_price end as list_price
    from core.order_rows
    inner join staging.order_figures using (sheet_id, row_number)
    where order_rows.reason is null and order_rows.has_unread

)

select
    sheet_id,
    row_number,
    unnest(list_filter(
        [
            { 'column_name': 'margin', 'kind': 'number', 'value': margin },
            { 'column_name': 'discount', 'kind': 'number', 'value': discount },
            { 'column_name': 'quantity', 'kind': 'number', 'value': quantity },
            { 'column_name': 'price', 'kind': 'number', 'value': price },
            { 'column_name': 'list_price', 'kind': 'number', 'value': list_price }
        ],
        lambda cell: cell['value'] is not null
    )) as cell
from unread

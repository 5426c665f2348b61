-- Order lines that do not count and why; of those that count, the figures beside the amount that cannot be read.
-- transient: core.rejects has those of all tables
-- grain: one row per rejected row or unreadable cell
with

left_out as (

    select
        sheet_id,
        row_number,
        reason,
        reason_value as value
    from core.order_rows
    where reason is not null

),

cells as (

    select
        orders.sheet_id,
        orders.row_number,
        unnest([
            { 'column_name': 'margin', 'kind': 'number', 'value': case when order_rows.margin is null then orders.margin_text end },
            { 'column_name': 'discount', 'kind': 'number', 'value': case when order_rows.discount is null then orders.discount_text end },
            { 'column_name': 'quantity', 'kind': 'number', 'value': case when order_rows.quantity is null then orders.quantity_text end },
            { 'column_name': 'price', 'kind': 'number', 'value': case when order_rows.price is null then orders.price_text end },
            {
                'column_name': 'list_price',
                'kind': 'number',
                'value': case when order_rows.list_price is null then orders.list_price_text end
            }
        ]) as cell
    from core.order_rows
    inner join staging.orders using (sheet_id, row_number)
    where order_rows.reason is null and order_rows.has_unread

),

final as (

    select
        sheet_id,
        row_number,
        reason,
        cast(null as varchar) as column_name,
        value
    from left_out
    union all
    select
        sheet_id,
        row_number,
        'cell_unreadable' as reason,
        cell.column_name,
        cell.value
    from cells
    where is_unread(cell.value, cell.kind)

)

select * from final

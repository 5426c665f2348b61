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
        order_rows.sheet_id,
        order_rows.row_number,
        unnest([
            { 'column_name': 'margin', 'kind': 'number', 'value': case when order_rows.margin is null then order_figures.margin end },
            { 'column_name': 'discount', 'kind': 'number', 'value': case when order_rows.discount is null then order_figures.discount end },
            { 'column_name': 'quantity', 'kind': 'number', 'value': case when order_rows.quantity is null then order_figures.quantity end },
            { 'column_name': 'price', 'kind': 'number', 'value': case when order_rows.price is null then order_figures.price end },
            {
                'column_name': 'list_price',
                'kind': 'number',
                'value': case when order_rows.list_price is null then order_figures.list_price end
            }
        ]) as cell
    from core.order_rows
    inner join staging.order_figures using (sheet_id, row_number)
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

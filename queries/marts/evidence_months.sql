-- The order lines behind a bar of revenue by status: those of the calendar month that ends at a day, of clients that had the
-- status on that day.
-- grain: one row per order line that counts
-- params: as_of date, month_ends_on date, status varchar, manager varchar, segment varchar, region varchar, class varchar
with

dates as (

    select $month_ends_on as as_of

),

chosen as (

    select
        selected_clients.client_key,
        selected_clients.client_id,
        selected_clients.client_name
    from dates
    cross join metrics.client_stages__each as stages
    inner join metrics.selected_clients using (client_key)
    where stages.status = $status

),

final as (

    select
        chosen.client_id,
        chosen.client_name,
        order_lines.ordered_on,
        order_lines.order_id,
        order_lines.document_type,
        order_lines.product,
        order_lines.amount,
        order_lines.given_amount,
        order_lines.given_currency,
        order_lines.rate,
        sources.file,
        sources.sheet,
        order_lines.row_number
    from core.order_lines
    inner join chosen using (client_key)
    inner join core.sources using (sheet_id)
    where
        order_lines.ordered_on <= $month_ends_on
        and order_lines.ordered_on >= date_trunc('month', $month_ends_on)

)

select * from final
order by ordered_on desc, client_id asc, file asc, sheet asc, row_number asc

-- Order lines as the sheets give them, typed. amount is quantity × price where the sheet has no amount column (style 'made').
-- view: core.order_rows alone reads it
-- grain: one row per row of an orders sheet
select
    sheet_id,
    row_number,
    client_id as client_id_text,
    client as client_text,
    tax_id as tax_id_text,
    parse_id(order_id) as order_id,
    parse_date(date, style.date) as ordered_on,
    case
        when style.amount = 'made'
            then
                try_cast(
                    cast(parse_number(quantity, style.quantity) as double)
                    * cast(parse_number(price, style.price) as double) as decimal(18, 4)
                )
        else parse_number(amount, style.amount)
    end as amount,
    parse_number(margin, style.margin) as margin,
    parse_number(discount, style.discount) as discount,
    parse_currency(currency) as currency,
    clean_text(status) as status,
    clean_text(document_type) as document_type,
    clean_text(manager) as manager,
    parse_id(sku) as sku,
    clean_text(product) as product,
    clean_text(category) as category,
    parse_number(quantity, style.quantity) as quantity,
    parse_number(price, style.price) as price,
    parse_number(list_price, style.list_price) as list_price,
    date as date_text,
    margin as margin_text,
    discount as discount_text,
    quantity as quantity_text,
    price as price_text,
    list_price as list_price_text,
    case when style.amount = 'made' then concat_ws(' × ', quantity, price) else amount end as amount_text,
    extra
from raw.orders

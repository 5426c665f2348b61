-- What order lines say in words, for those who need no more: to take a view of every column apart costs as much as its rows.
-- view: its readers take two or three of its columns each
-- grain: one row per row of an orders sheet
select
    sheet_id,
    row_number,
    client_id as client_id_text,
    client as client_text,
    tax_id as tax_id_text,
    parse_id(order_id) as order_id,
    clean_text(status) as status,
    clean_text(document_type) as document_type,
    clean_text(manager) as manager,
    currency as currency_text
from raw.orders

-- What activities say of clients and managers, for those who need no more.
-- view: its readers take two or three of its columns each
-- grain: one row per row of a touches sheet
select
    sheet_id,
    row_number,
    client_id as client_id_text,
    client as client_text,
    tax_id as tax_id_text,
    clean_text(manager) as manager
from raw.touches

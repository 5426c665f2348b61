-- Rows that were not loaded, by reason; deals not won, cancelled orders and companies among contacts apart: these are left out
-- rightly.
-- Distorts whatever counts the table: what such a row says is in no figure. Of snapshots only the newest is looked at.
-- grain: one row per rejected row
-- params:
select
    rejects.table_name,
    rejects.reason,
    rejects.value,
    current_sheets.file,
    current_sheets.sheet,
    rejects.row_number,
    rejects.sheet_id
from core.rejects
inner join metrics.current_sheets using (sheet_id)
where
    rejects.column_name is null
    and rejects.reason not in ('deal_not_won', 'order_cancelled', 'contact_is_company')
order by rejects.table_name asc, rejects.reason asc, current_sheets.file asc, rejects.row_number asc

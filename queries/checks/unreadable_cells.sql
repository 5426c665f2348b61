-- Cells that could not be read and stay unknown, while the rest of their row counts. Of snapshots only the newest is looked at.
-- Distorts what rests on the column: a due date that cannot be read makes the promise undated.
-- grain: one row per cell
-- params:
select
    rejects.table_name,
    rejects.reason,
    rejects.column_name,
    rejects.value,
    current_sheets.file,
    current_sheets.sheet,
    rejects.row_number,
    rejects.sheet_id
from core.rejects
inner join metrics.current_sheets using (sheet_id)
where rejects.column_name is not null
order by rejects.table_name asc, rejects.column_name asc, current_sheets.file asc, rejects.row_number asc

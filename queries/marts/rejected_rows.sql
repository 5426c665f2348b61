-- Rows and cells that were not loaded, with the place in the file and the reason, to be mended there and loaded again.
-- grain: one row per rejected row or unreadable cell
-- params: sheet_id integer
select
    rejects.table_name,
    sources.file,
    sources.sheet,
    rejects.row_number,
    rejects.reason,
    rejects.column_name,
    rejects.value
from core.rejects
inner join core.sources using (sheet_id)
where $sheet_id is null or rejects.sheet_id = $sheet_id
order by sources.file asc, sources.sheet asc, rejects.row_number asc

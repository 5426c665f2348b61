-- How many rows fill each column of each loaded table; by sheet it is in checks.column_coverage.
-- grain: one row per column of a table
-- params:
select
    table_name,
    column_name,
    row_count,
    filled_count,
    filled_share
from checks.column_coverage
where sheet_id is null
order by table_name asc, filled_share asc, column_name asc

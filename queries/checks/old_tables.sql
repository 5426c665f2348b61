-- Tables whose newest export is older than a month on the report's date.
-- Distorts every figure that joins the table with a younger one: a client moved to another manager, a promise kept since.
-- grain: one row per table
-- params: as_of date
select
    table_name,
    captured_on,
    age_days,
    last_on,
    file,
    sheet,
    sheet_id
from metrics.loaded_tables
where age_days > norm('table_age_days')
order by age_days desc, table_name asc

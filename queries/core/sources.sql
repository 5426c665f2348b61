-- Where the rows came from: file, sheet, the day the export was taken, the time it was loaded.
-- grain: one row per sheet of a load
select
    sheet_id,
    load_id,
    file,
    sheet,
    table_name,
    source,
    captured_on,
    loaded_at,
    is_demo
from staging.sheets

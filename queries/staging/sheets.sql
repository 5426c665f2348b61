-- The sheets that were loaded: where each row of the data came from. source: the same headers mean the same export.
-- grain: one row per sheet of a load
select
    sheet_id,
    load_id,
    file,
    sheet,
    table_name,
    fingerprint as source,
    captured_on,
    loaded_at,
    is_demo
from raw.sheets

-- The sheets that say how things are now: every sheet of orders, touches and requests, of other tables the newest of each source.
-- grain: one row per sheet
-- params:
select
    sheet_id,
    table_name,
    file,
    sheet,
    captured_on
from core.sources
qualify
    table_name in ('orders', 'touches', 'requests')
    or captured_on = max(captured_on) over (partition by table_name, source)

-- The moments and lengths that could not be read in touches that are kept, with what the cells say.
-- transient: core.rejects has those of all tables
-- grain: one row per such cell, and per cell that says nothing in a way that core.rejects knows
select
    sheet_id,
    row_number,
    unnest(list_filter(
        [
            { 'column_name': 'created_at', 'kind': 'date', 'value': case when created_at is null then created_text end },
            { 'column_name': 'minutes', 'kind': 'number', 'value': case when minutes is null then minutes_text end }
        ],
        lambda cell: cell['value'] is not null
    )) as cell
from core.touch_rows
where reason is null and (created_at is null and created_text is not null or minutes is null and minutes_text is not null)

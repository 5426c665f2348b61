-- The days that could not be read in promises that are kept, with what the cells say.
-- transient: core.rejects has those of all tables
-- grain: one row per such cell, and per cell that says nothing in a way that core.rejects knows
select
    sheet_id,
    row_number,
    unnest(list_filter(
        [
            { 'column_name': 'made_on', 'kind': 'date', 'value': case when made_on is null then made_on_text end },
            { 'column_name': 'original_due_on', 'kind': 'date', 'value': case when original_due_on is null then original_due_on_text end },
            { 'column_name': 'due_on', 'kind': 'date', 'value': case when due_on is null then due_on_text end },
            { 'column_name': 'done_on', 'kind': 'date', 'value': case when done_on is null then done_on_text end },
            { 'column_name': 'moved_on', 'kind': 'date', 'value': case when moved_on is null then moved_on_text end },
            { 'column_name': 'new_due_on', 'kind': 'date', 'value': case when new_due_on is null then new_due_on_text end }
        ],
        lambda cell: cell['value'] is not null
    )) as cell
from core.promise_rows
where reason is null

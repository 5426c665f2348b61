-- The days that could not be read in requests that are kept, with what the cells say.
-- transient: core.rejects has those of all tables
-- grain: one row per such cell, and per cell that says nothing in a way that core.rejects knows
select
    sheet_id,
    row_number,
    unnest(list_filter(
        [
            { 'column_name': 'answered_at', 'kind': 'date', 'value': case when answered_on is null then answered_text end },
            { 'column_name': 'answer_due_on', 'kind': 'date', 'value': case when answer_due_on is null then answer_due_text end },
            { 'column_name': 'fixed_on', 'kind': 'date', 'value': case when fixed_on is null then fixed_text end }
        ],
        lambda cell: cell['value'] is not null
    )) as cell
from core.request_rows
where reason is null

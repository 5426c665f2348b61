-- The figures of our people that could not be read, with what the cells say.
-- transient: core.rejects has those of all tables
-- grain: one row per such cell, and per cell that says nothing in a way that core.rejects knows
select
    sheet_id,
    row_number,
    unnest(list_filter(
        [
            { 'column_name': 'share', 'kind': 'number', 'value': case when share is null then share_text end },
            { 'column_name': 'hours', 'kind': 'number', 'value': case when hours is null then hours_text end }
        ],
        lambda cell: cell['value'] is not null
    )) as cell
from staging.staff
where staff_name is not null

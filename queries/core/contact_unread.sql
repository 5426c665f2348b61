-- The days of people at the clients that could not be read, with what the cells say.
-- transient: core.rejects has those of all tables
-- grain: one row per such cell, and per cell that says nothing in a way that core.rejects knows
select
    sheet_id,
    row_number,
    unnest(list_filter(
        [
            { 'column_name': 'birthday', 'kind': 'date', 'value': case when birthday is null then birthday_text end },
            { 'column_name': 'confirmed_on', 'kind': 'date', 'value': case when confirmed_on is null then confirmed_text end },
            { 'column_name': 'left_on', 'kind': 'date', 'value': case when left_on is null then left_text end }
        ],
        lambda cell: cell['value'] is not null
    )) as cell
from core.contact_rows
where reason is null

-- The cells of clients that could not be read, with what they say.
-- transient: core.rejects has those of all tables
-- grain: one row per such cell, and per cell that says nothing in a way that core.rejects knows
select
    sheet_id,
    row_number,
    unnest(list_filter(
        [
            { 'column_name': 'potential', 'kind': 'number', 'value': case when potential is null then potential_text end },
            { 'column_name': 'client_since', 'kind': 'date', 'value': case when client_since is null then client_since_text end },
            {
                'column_name': 'mandatory_touches',
                'kind': 'number',
                'value': case when mandatory_touches is null then mandatory_touches_text end
            },
            { 'column_name': 'sales_type', 'kind': 'word', 'value': case when sales_type is null then sales_type_text end },
            { 'column_name': 'marked_lost', 'kind': 'flag', 'value': case when is_marked_lost is null then marked_lost_text end },
            { 'column_name': 'key_client', 'kind': 'flag', 'value': case when is_key is null then key_client_text end },
            { 'column_name': 'brand', 'kind': 'flag', 'value': case when is_brand is null then brand_text end },
            { 'column_name': 'new_segment', 'kind': 'flag', 'value': case when is_new_segment is null then new_segment_text end },
            { 'column_name': 'in_media', 'kind': 'flag', 'value': case when is_in_media is null then in_media_text end },
            { 'column_name': 'uses_rival', 'kind': 'flag', 'value': case when uses_rival is null then uses_rival_text end },
            { 'column_name': 'employees', 'kind': 'number', 'value': case when employees is null then employees_text end },
            { 'column_name': 'branches', 'kind': 'number', 'value': case when branches is null then branches_text end },
            { 'column_name': 'turnover', 'kind': 'number', 'value': case when turnover is null then turnover_text end },
            { 'column_name': 'reps', 'kind': 'number', 'value': case when reps is null then reps_text end }
        ],
        lambda cell: cell['value'] is not null
    )) as cell
from core.client_rows
where client_ref is not null

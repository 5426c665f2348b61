-- Rows of clients that name none; of the others, the cells that cannot be read.
-- Money in another currency than the workspace's counts as little as what nobody can read.
-- transient: core.rejects has those of all tables
-- rows of: staging.clients
-- grain: one row per rejected row or unreadable cell
with

given as (

    select
        clients.* exclude (potential, turnover),
        case when clients.potential_currency <> workspace_currency.assumed then null else clients.potential end as potential,
        case when clients.turnover_currency <> workspace_currency.assumed then null else clients.turnover end as turnover,
        clients.client_ref is not null as is_named
    from staging.clients
    cross join core.workspace_currency

),

left_out as (

    select
        sheet_id,
        row_number,
        'client_missing' as reason,
        null as value
    from given
    where not is_named

),

cells as (

    select
        sheet_id,
        row_number,
        unnest([
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
        ]) as cell
    from given
    where is_named

),

final as (

    select
        sheet_id,
        row_number,
        reason,
        cast(null as varchar) as column_name,
        value
    from left_out
    union all
    select
        sheet_id,
        row_number,
        'cell_unreadable' as reason,
        cell.column_name,
        cell.value
    from cells
    where is_unread(cell.value, cell.kind)

)

select * from final

-- Rows of promises that are left out and why; of those that are kept, the days that cannot be read.
-- transient: core.rejects has those of all tables
-- rows of: core.promise_rows
-- grain: one row per rejected row or unreadable cell
with

left_out as (

    select
        sheet_id,
        row_number,
        reason,
        replace(trim(client_ref, chr(31)), chr(31), ' · ') as value
    from core.promise_rows
    where reason is not null

),

cells as (

    select
        sheet_id,
        row_number,
        unnest([
            { 'column_name': 'made_on', 'kind': 'date', 'value': case when made_on is null then made_on_text end },
            { 'column_name': 'original_due_on', 'kind': 'date', 'value': case when original_due_on is null then original_due_on_text end },
            { 'column_name': 'due_on', 'kind': 'date', 'value': case when due_on is null then due_on_text end },
            { 'column_name': 'done_on', 'kind': 'date', 'value': case when done_on is null then done_on_text end },
            { 'column_name': 'moved_on', 'kind': 'date', 'value': case when moved_on is null then moved_on_text end },
            { 'column_name': 'new_due_on', 'kind': 'date', 'value': case when new_due_on is null then new_due_on_text end }
        ]) as cell
    from core.promise_rows
    where reason is null

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

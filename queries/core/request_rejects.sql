-- Requests that are left out and why; of those that are kept, the days that cannot be read.
-- transient: core.rejects has those of all tables
-- rows of: core.request_rows
-- grain: one row per rejected row or unreadable cell
with

left_out as (

    select
        sheet_id,
        row_number,
        reason,
        reason_value as value
    from core.request_rows
    where reason is not null

),

cells as (

    select
        sheet_id,
        row_number,
        unnest([
            { 'column_name': 'answered_at', 'kind': 'date', 'value': case when answered_on is null then answered_text end },
            { 'column_name': 'answer_due_on', 'kind': 'date', 'value': case when answer_due_on is null then answer_due_text end },
            { 'column_name': 'fixed_on', 'kind': 'date', 'value': case when fixed_on is null then fixed_text end }
        ]) as cell
    from core.request_rows
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

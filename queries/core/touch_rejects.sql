-- Activities that are left out and why; of those that are kept, the cells that cannot be read.
-- transient: core.rejects has those of all tables
-- rows of: core.touch_rows
-- grain: one row per rejected row or unreadable cell
with

left_out as (

    select
        sheet_id,
        row_number,
        reason,
        reason_value as value
    from core.touch_rows
    where reason is not null

),

cells as (

    select
        sheet_id,
        row_number,
        unnest([
            { 'column_name': 'created_at', 'kind': 'date', 'value': case when created_at is null then created_text end },
            { 'column_name': 'minutes', 'kind': 'number', 'value': case when minutes is null then minutes_text end }
        ]) as cell
    from core.touch_rows
    where reason is null and (created_at is null and created_text is not null or minutes is null and minutes_text is not null)

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

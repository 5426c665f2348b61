-- Our people without a name; of the others, the figures that cannot be read.
-- transient: core.rejects has those of all tables
-- grain: one row per rejected row or unreadable cell
with

left_out as (

    select
        sheet_id,
        row_number,
        'name_missing' as reason,
        null as value
    from staging.staff
    where staff_name is null

),

cells as (

    select
        sheet_id,
        row_number,
        unnest([
            { 'column_name': 'share', 'kind': 'number', 'value': case when share is null then share_text end },
            { 'column_name': 'hours', 'kind': 'number', 'value': case when hours is null then hours_text end }
        ]) as cell
    from staging.staff
    where staff_name is not null

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

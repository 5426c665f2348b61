-- Rejected rows and unreadable cells by table and reason.
-- grain: one row per table, reason and column (null: the whole row)
-- params:
with

rejects as (

    select
        table_name,
        reason,
        null as column_name
    from checks.rejected_rows
    union all
    select
        table_name,
        reason,
        column_name
    from checks.unreadable_cells

),

final as (

    select
        table_name,
        reason,
        column_name,
        count(*) as row_count
    from rejects
    group by table_name, reason, column_name

)

select * from final
order by row_count desc, table_name asc, reason asc, column_name asc

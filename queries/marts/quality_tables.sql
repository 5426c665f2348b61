-- The tables that are loaded: rows, how many of them no check names, the newest export and its age on the report's date.
-- A row that was rejected or that any check names is not clean; a row named twice is counted once.
-- grain: one row per table
-- params: as_of date, manager varchar
with

flagged as (

    select
        table_name,
        count(distinct sheet_id * 10000000::bigint + row_number) as flagged_count
    from checks.flagged_rows
    where row_number is not null
    group by table_name

),

final as (

    select
        loaded_tables.table_name,
        loaded_tables.kept_count + loaded_tables.rejected_count as row_count,
        coalesce(flagged.flagged_count, 0) as flagged_count,
        1 - coalesce(flagged.flagged_count, 0) / nullif(loaded_tables.kept_count + loaded_tables.rejected_count, 0) as clean_share,
        loaded_tables.captured_on,
        loaded_tables.age_days,
        loaded_tables.last_on,
        loaded_tables.age_days > norm('table_age_days') as is_old,
        loaded_tables.file,
        loaded_tables.sheet
    from metrics.loaded_tables
    left join flagged using (table_name)

)

select * from final
order by clean_share asc, table_name asc

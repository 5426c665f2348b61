-- The tables that are loaded: rows that count, rows that do not, the newest export and its age on the report's date.
-- Of snapshots the rows are those in force. last_on: the latest day that the rows speak of, where they speak of days.
-- An export taken after the report's date is no days old.
-- grain: one row per table that any sheet was loaded for
-- params: as_of date
with

newest as (

    select
        table_name,
        max(captured_on) as captured_on,
        arg_max(file, (captured_on, sheet_id)) as file,
        arg_max(sheet, (captured_on, sheet_id)) as sheet,
        arg_max(sheet_id, (captured_on, sheet_id)) as sheet_id
    from core.sources
    group by table_name

),

kept as (

    select
        'orders' as table_name,
        count(*) as kept_count,
        max(ordered_on) as last_on
    from core.order_lines
    union all
    select
        'touches' as table_name,
        count(*) as kept_count,
        max(held_on) as last_on
    from core.touches
    union all
    select
        'requests' as table_name,
        count(*) as kept_count,
        max(received_on) as last_on
    from core.requests
    union all
    select
        'promises' as table_name,
        count(*) as kept_count,
        max(made_on) as last_on
    from core.promises
    union all
    select
        'clients' as table_name,
        count(*) as kept_count,
        null as last_on
    from core.clients
    where is_listed
    union all
    select
        'contacts' as table_name,
        count(*) as kept_count,
        max(confirmed_on) as last_on
    from core.contacts
    union all
    select
        'staff' as table_name,
        count(*) as kept_count,
        null as last_on
    from core.staff
    union all
    select
        'rates' as table_name,
        count(*) as kept_count,
        nullif(max(holds_from), date '0001-01-01') as last_on
    from core.rates

),

rejected as (

    select
        rejects.table_name,
        count(distinct rejects.sheet_id * 10000000::bigint + rejects.row_number) as rejected_count
    from core.rejects
    inner join metrics.current_sheets using (sheet_id)
    where rejects.column_name is null
    group by rejects.table_name

),

final as (

    select
        newest.table_name,
        kept.kept_count,
        coalesce(rejected.rejected_count, 0) as rejected_count,
        kept.last_on,
        newest.captured_on,
        greatest(cast($as_of - newest.captured_on as integer), 0) as age_days,
        newest.file,
        newest.sheet,
        newest.sheet_id
    from newest
    inner join kept using (table_name)
    left join rejected using (table_name)

)

select * from final

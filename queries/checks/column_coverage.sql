-- How many rows fill each column of each loaded table, in all and by sheet. Of snapshots only the newest is looked at.
-- Distorts nothing by itself: an empty column is a figure that cannot be had, and the page says which.
-- grain: one row per column of a table (sheet_id null), and one per column and sheet
-- params:
with

clients_filled as (

    unpivot (
        select
            sheet_id,
            count(*) as row_count,
            count(nullif(trim(columns(* exclude (sheet_id, row_number, style_code, extra))), ''))
        from raw.clients
        where sheet_id in (select current_sheets.sheet_id from metrics.current_sheets)
        group by sheet_id
    )
    on columns(* exclude (sheet_id, row_count))
    into name column_name value filled_count

),

orders_filled as (

    unpivot (
        select
            sheet_id,
            count(*) as row_count,
            count(nullif(trim(columns(* exclude (sheet_id, row_number, style_code, extra))), ''))
        from raw.orders
        where sheet_id in (select current_sheets.sheet_id from metrics.current_sheets)
        group by sheet_id
    )
    on columns(* exclude (sheet_id, row_count))
    into name column_name value filled_count

),

touches_filled as (

    unpivot (
        select
            sheet_id,
            count(*) as row_count,
            count(nullif(trim(columns(* exclude (sheet_id, row_number, style_code, extra))), ''))
        from raw.touches
        where sheet_id in (select current_sheets.sheet_id from metrics.current_sheets)
        group by sheet_id
    )
    on columns(* exclude (sheet_id, row_count))
    into name column_name value filled_count

),

promises_filled as (

    unpivot (
        select
            sheet_id,
            count(*) as row_count,
            count(nullif(trim(columns(* exclude (sheet_id, row_number, style_code, extra))), ''))
        from raw.promises
        where sheet_id in (select current_sheets.sheet_id from metrics.current_sheets)
        group by sheet_id
    )
    on columns(* exclude (sheet_id, row_count))
    into name column_name value filled_count

),

contacts_filled as (

    unpivot (
        select
            sheet_id,
            count(*) as row_count,
            count(nullif(trim(columns(* exclude (sheet_id, row_number, style_code, extra))), ''))
        from raw.contacts
        where sheet_id in (select current_sheets.sheet_id from metrics.current_sheets)
        group by sheet_id
    )
    on columns(* exclude (sheet_id, row_count))
    into name column_name value filled_count

),

staff_filled as (

    unpivot (
        select
            sheet_id,
            count(*) as row_count,
            count(nullif(trim(columns(* exclude (sheet_id, row_number, style_code, extra))), ''))
        from raw.staff
        where sheet_id in (select current_sheets.sheet_id from metrics.current_sheets)
        group by sheet_id
    )
    on columns(* exclude (sheet_id, row_count))
    into name column_name value filled_count

),

requests_filled as (

    unpivot (
        select
            sheet_id,
            count(*) as row_count,
            count(nullif(trim(columns(* exclude (sheet_id, row_number, style_code, extra))), ''))
        from raw.requests
        where sheet_id in (select current_sheets.sheet_id from metrics.current_sheets)
        group by sheet_id
    )
    on columns(* exclude (sheet_id, row_count))
    into name column_name value filled_count

),

rates_filled as (

    unpivot (
        select
            sheet_id,
            count(*) as row_count,
            count(nullif(trim(columns(* exclude (sheet_id, row_number, style_code, extra))), ''))
        from raw.rates
        where sheet_id in (select current_sheets.sheet_id from metrics.current_sheets)
        group by sheet_id
    )
    on columns(* exclude (sheet_id, row_count))
    into name column_name value filled_count

),

filled as (

    select
        'clients' as table_name,
        *
    from clients_filled
    union all by name
    select
        'orders' as table_name,
        *
    from orders_filled
    union all by name
    select
        'touches' as table_name,
        *
    from touches_filled
    union all by name
    select
        'promises' as table_name,
        *
    from promises_filled
    union all by name
    select
        'contacts' as table_name,
        *
    from contacts_filled
    union all by name
    select
        'staff' as table_name,
        *
    from staff_filled
    union all by name
    select
        'requests' as table_name,
        *
    from requests_filled
    union all by name
    select
        'rates' as table_name,
        *
    from rates_filled

),

placed as (

    select
        filled.*,
        sources.file,
        sources.sheet
    from filled
    inner join core.sources using (sheet_id)

),

whole as (

    select
        table_name,
        column_name,
        cast(sum(row_count) as bigint) as row_count,
        cast(sum(filled_count) as bigint) as filled_count
    from placed
    group by table_name, column_name

),

final as (

    select
        table_name,
        column_name,
        row_count,
        filled_count,
        filled_count / row_count as filled_share,
        cast(null as varchar) as file,
        cast(null as varchar) as sheet,
        cast(null as integer) as sheet_id
    from whole
    union all
    select
        table_name,
        column_name,
        row_count,
        filled_count,
        filled_count / row_count as filled_share,
        file,
        sheet,
        sheet_id
    from placed

)

select * from final
order by table_name asc, filled_share asc, column_name asc, sheet_id asc nulls first

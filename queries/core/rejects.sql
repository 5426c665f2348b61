-- What was not loaded and why. A whole row (column_name null) does not count at all; a cell that could not be read is
-- unknown, and the rest of its row counts.
-- grain: one row per rejected row or unreadable cell
with

row_rejects as (

    select
        'orders' as table_name,
        sheet_id,
        row_number,
        reason,
        reason_value as value
    from core.order_rows
    where reason is not null
    union all
    select
        'touches' as table_name,
        sheet_id,
        row_number,
        reason,
        reason_value as value
    from core.touch_rows
    where reason is not null
    union all
    select
        'promises' as table_name,
        sheet_id,
        row_number,
        reason,
        replace(trim(client_ref, chr(31)), chr(31), ' · ') as value
    from core.promise_rows
    where reason is not null
    union all
    select
        'requests' as table_name,
        sheet_id,
        row_number,
        reason,
        reason_value as value
    from core.request_rows
    where reason is not null
    union all
    select
        'rates' as table_name,
        sheet_id,
        row_number,
        reason,
        reason_value as value
    from core.rate_rows
    where reason is not null
    union all
    select
        'clients' as table_name,
        sheet_id,
        row_number,
        'client_missing' as reason,
        null as value
    from core.client_rows
    where client_ref is null
    union all
    select
        'contacts' as table_name,
        sheet_id,
        row_number,
        reason,
        reason_value as value
    from core.contact_rows
    where reason is not null
    union all
    select
        'staff' as table_name,
        sheet_id,
        row_number,
        'name_missing' as reason,
        null as value
    from staging.staff
    where staff_name is null

),

-- A table a file, so that a build plans only those that have rows.
cells as (

    select
        'orders' as table_name,
        *
    from core.order_unread
    union all
    select
        'touches' as table_name,
        *
    from core.touch_unread
    union all
    select
        'promises' as table_name,
        *
    from core.promise_unread
    union all
    select
        'requests' as table_name,
        *
    from core.request_unread
    union all
    select
        'clients' as table_name,
        *
    from core.client_unread
    union all
    select
        'contacts' as table_name,
        *
    from core.contact_unread
    union all
    select
        'staff' as table_name,
        *
    from core.staff_unread

),

final as (

    select
        table_name,
        sheet_id,
        row_number,
        reason,
        cast(null as varchar) as column_name,
        value
    from row_rejects
    union all
    select
        table_name,
        sheet_id,
        row_number,
        'cell_unreadable' as reason,
        cell.column_name,
        cell.value
    from cells
    where
        nullif(trim(cell.value), '') is not null
        and not case cell.kind
            when 'date' then is_blank_date(cell.value)
            when 'word' then false
            else is_blank_number(cell.value) or is_blank_word(cell.value)
        end

)

select * from final
order by sheet_id asc, row_number asc

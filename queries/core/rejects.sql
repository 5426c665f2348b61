-- What was not loaded and why. A whole row (column_name null) does not count at all; a cell that could not be read is
-- unknown, and the rest of its row counts.
-- grain: one row per rejected row or unreadable cell
with

final as (

    select
        'orders' as table_name,
        *
    from core.order_rejects
    union all
    select
        'touches' as table_name,
        *
    from core.touch_rejects
    union all
    select
        'promises' as table_name,
        *
    from core.promise_rejects
    union all
    select
        'requests' as table_name,
        *
    from core.request_rejects
    union all
    select
        'rates' as table_name,
        *
    from core.rate_rejects
    union all
    select
        'clients' as table_name,
        *
    from core.client_rejects
    union all
    select
        'contacts' as table_name,
        *
    from core.contact_rejects
    union all
    select
        'staff' as table_name,
        *
    from core.staff_rejects

)

select * from final
order by sheet_id asc, row_number asc

-- Every row that a check names, so that problems can be counted and clean rows told from the others.
-- amount: money of the row itself, where it is a line of an order. sheet_id and row_number: the row that is not clean; null where
-- the rows are in order and only their meeting is not.
-- grain: one row per problem and row of its check
-- params: as_of date, manager varchar
with

final as (

    select
        'undecided_clients' as problem,
        'clients' as table_name,
        client_id,
        cast(null as decimal(18, 4)) as amount,
        cast(null as integer) as sheet_id,
        cast(null as integer) as row_number
    from checks.undecided_clients
    union all
    select
        'orders_in_future' as problem,
        'orders' as table_name,
        client_id,
        amount,
        sheet_id,
        row_number
    from checks.orders_in_future
    union all
    select
        'touches_in_future' as problem,
        'touches' as table_name,
        client_id,
        null as amount,
        sheet_id,
        row_number
    from checks.touches_in_future
    union all
    select
        'duplicate_orders' as problem,
        'orders' as table_name,
        client_id,
        amount,
        sheet_id,
        row_number
    from checks.duplicate_orders
    union all
    select
        'orders_from_two_sources' as problem,
        'orders' as table_name,
        client_id,
        amount,
        sheet_id,
        row_number
    from checks.orders_from_two_sources
    union all
    select
        'rejected_rows' as problem,
        table_name,
        null as client_id,
        null as amount,
        sheet_id,
        row_number
    from checks.rejected_rows
    union all
    select
        'promises_due_before_made' as problem,
        'promises' as table_name,
        client_id,
        null as amount,
        sheet_id,
        row_number
    from checks.promises_due_before_made
    union all
    select
        'promises_done_before_made' as problem,
        'promises' as table_name,
        client_id,
        null as amount,
        sheet_id,
        row_number
    from checks.promises_done_before_made
    union all
    select
        'clients_without_manager' as problem,
        'clients' as table_name,
        client_id,
        null as amount,
        sheet_id,
        row_number
    from checks.clients_without_manager
    union all
    select
        'clients_of_dismissed' as problem,
        'clients' as table_name,
        client_id,
        null as amount,
        sheet_id,
        row_number
    from checks.clients_of_dismissed
    union all
    select
        'managers_unknown_to_staff' as problem,
        table_name,
        client_id,
        null as amount,
        sheet_id,
        row_number
    from checks.managers_unknown_to_staff
    union all
    select
        'manager_name_forms' as problem,
        'staff' as table_name,
        null as client_id,
        null as amount,
        sheet_id,
        row_number
    from checks.manager_name_forms
    union all
    select
        'potential_below_revenue' as problem,
        'clients' as table_name,
        client_id,
        null as amount,
        sheet_id,
        row_number
    from checks.potential_below_revenue
    union all
    select
        'unreadable_cells' as problem,
        table_name,
        null as client_id,
        null as amount,
        sheet_id,
        row_number
    from checks.unreadable_cells
    union all
    select
        'bulk_touches' as problem,
        'touches' as table_name,
        client_id,
        null as amount,
        sheet_id,
        row_number
    from checks.bulk_touches
    union all
    select
        'touches_before_client' as problem,
        'touches' as table_name,
        client_id,
        null as amount,
        sheet_id,
        row_number
    from checks.touches_before_client
    union all
    select
        'late_entries' as problem,
        'touches' as table_name,
        client_id,
        null as amount,
        sheet_id,
        row_number
    from checks.late_entries
    union all
    select
        'unrecognised_touches' as problem,
        'touches' as table_name,
        client_id,
        null as amount,
        sheet_id,
        row_number
    from checks.unrecognised_touches
    union all
    select
        'old_tables' as problem,
        table_name,
        null as client_id,
        null as amount,
        sheet_id,
        null as row_number
    from checks.old_tables
    union all
    select
        'unlisted_clients' as problem,
        'clients' as table_name,
        client_id,
        null as amount,
        null as sheet_id,
        null as row_number
    from checks.unlisted_clients
    union all
    select
        'touches_without_text' as problem,
        'touches' as table_name,
        client_id,
        null as amount,
        sheet_id,
        row_number
    from checks.touches_without_text
    union all
    select
        'orders_of_zero' as problem,
        'orders' as table_name,
        client_id,
        amount,
        sheet_id,
        row_number
    from checks.orders_of_zero

)

select * from final

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
    from staging.clients
    where client_ref(client_id, client_name, tax_id) is null
    union all
    select
        'contacts' as table_name,
        contacts.sheet_id,
        contacts.row_number,
        case
            when contacts.client_ref is null then 'client_missing'
            when client_refs.is_ambiguous then 'client_ambiguous'
            when client_refs.client_id is null then 'client_unknown'
            else 'name_missing'
        end as reason,
        replace(trim(contacts.client_ref, chr(31)), chr(31), ' · ') as value
    from staging.contacts
    left join core.client_refs using (client_ref)
    where client_refs.client_id is null or contacts.contact_name is null
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

given_clients as (

    select
        clients.*,
        workspace_currency.assumed as workspace_currency
    from staging.clients
    cross join core.workspace_currency

),

-- Each cell that has a kind of its own: whether it was understood, and what it says. Money of a client in another currency
-- than the workspace's counts as little as what nobody can read.
cells as (

    select
        'clients' as table_name,
        sheet_id,
        row_number,
        unnest([
            {
                'column_name': 'potential',
                'kind': 'number',
                'is_read': potential is not null and coalesce(potential_currency = workspace_currency, true),
                'value': potential_text
            },
            {
                'column_name': 'turnover',
                'kind': 'number',
                'is_read': turnover is not null and coalesce(turnover_currency = workspace_currency, true),
                'value': turnover_text
            },
            { 'column_name': 'client_since', 'kind': 'date', 'is_read': client_since is not null, 'value': client_since_text },
            {
                'column_name': 'mandatory_touches',
                'kind': 'number',
                'is_read': mandatory_touches is not null,
                'value': mandatory_touches_text
            },
            { 'column_name': 'sales_type', 'kind': 'word', 'is_read': sales_type is not null, 'value': sales_type_text }
        ]) as cell
    from given_clients
    union all
    select
        'promises' as table_name,
        sheet_id,
        row_number,
        unnest([
            { 'column_name': 'made_on', 'kind': 'date', 'is_read': made_on is not null, 'value': made_on_text },
            { 'column_name': 'original_due_on', 'kind': 'date', 'is_read': original_due_on is not null, 'value': original_due_on_text },
            { 'column_name': 'due_on', 'kind': 'date', 'is_read': due_on is not null, 'value': due_on_text },
            { 'column_name': 'done_on', 'kind': 'date', 'is_read': done_on is not null, 'value': done_on_text },
            { 'column_name': 'moved_on', 'kind': 'date', 'is_read': moved_on is not null, 'value': moved_on_text },
            { 'column_name': 'new_due_on', 'kind': 'date', 'is_read': new_due_on is not null, 'value': new_due_on_text }
        ]) as cell
    from staging.promises
    union all
    select
        'requests' as table_name,
        sheet_id,
        row_number,
        unnest([
            { 'column_name': 'answered_at', 'kind': 'date', 'is_read': answered_on is not null, 'value': answered_text },
            { 'column_name': 'answer_due_on', 'kind': 'date', 'is_read': answer_due_on is not null, 'value': answer_due_text },
            { 'column_name': 'fixed_on', 'kind': 'date', 'is_read': fixed_on is not null, 'value': fixed_text }
        ]) as cell
    from staging.requests

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
        not cell.is_read
        and nullif(trim(cell.value), '') is not null
        and not case cell.kind when 'number' then is_blank_number(cell.value) when 'date' then is_blank_date(cell.value) else false end

)

select * from final
order by sheet_id asc, row_number asc

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

cells as (

    select
        'clients' as table_name,
        sheet_id,
        row_number,
        unnest([
            {
                'column_name': 'potential',
                'value': case when potential is null and not is_blank_number(potential_text) then potential_text end
            },
            {
                'column_name': 'client_since',
                'value': case when client_since is null and not is_blank_date(client_since_text) then client_since_text end
            },
            {
                'column_name': 'mandatory_touches',
                'value': case
                    when mandatory_touches is null and not is_blank_number(mandatory_touches_text) then mandatory_touches_text
                end
            },
            { 'column_name': 'sales_type', 'value': case when sales_type is null then sales_type_text end }
        ]) as cell
    from staging.clients
    union all
    select
        'promises' as table_name,
        sheet_id,
        row_number,
        unnest([
            { 'column_name': 'made_on', 'value': case when made_on is null and not is_blank_date(made_on_text) then made_on_text end },
            {
                'column_name': 'original_due_on',
                'value': case when original_due_on is null and not is_blank_date(original_due_on_text) then original_due_on_text end
            },
            { 'column_name': 'due_on', 'value': case when due_on is null and not is_blank_date(due_on_text) then due_on_text end },
            { 'column_name': 'done_on', 'value': case when done_on is null and not is_blank_date(done_on_text) then done_on_text end },
            { 'column_name': 'moved_on', 'value': case when moved_on is null and not is_blank_date(moved_on_text) then moved_on_text end },
            {
                'column_name': 'new_due_on',
                'value': case when new_due_on is null and not is_blank_date(new_due_on_text) then new_due_on_text end
            }
        ]) as cell
    from staging.promises
    union all
    select
        'requests' as table_name,
        sheet_id,
        row_number,
        unnest([
            {
                'column_name': 'answered_at',
                'value': case when answered_on is null and not is_blank_date(answered_text) then answered_text end
            },
            {
                'column_name': 'answer_due_on',
                'value': case when answer_due_on is null and not is_blank_date(answer_due_text) then answer_due_text end
            },
            { 'column_name': 'fixed_on', 'value': case when fixed_on is null and not is_blank_date(fixed_text) then fixed_text end }
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
    where nullif(trim(cell.value), '') is not null

)

select * from final
order by sheet_id asc, row_number asc

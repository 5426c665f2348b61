-- What was not loaded and why. A whole row (column_name null) does not count at all; a cell that could not be read is
-- unknown, and the rest of its row counts.
-- grain: one row per rejected row or unreadable cell
with

contact_rows as (

    select
        contacts.sheet_id,
        contacts.row_number,
        contacts.birthday,
        contacts.birthday_text,
        contacts.confirmed_on,
        contacts.confirmed_text,
        contacts.left_on,
        contacts.left_text,
        case
            when contacts.is_company then 'contact_is_company'
            when contacts.client_ref is null then 'client_missing'
            when client_refs.is_ambiguous then 'client_ambiguous'
            when client_refs.client_id is null then 'client_unknown'
            when contacts.contact_name is null then 'name_missing'
        end as reason,
        case
            when contacts.is_company then contacts.contact_name
            else replace(trim(contacts.client_ref, chr(31)), chr(31), ' · ')
        end as reason_value
    from staging.contacts
    left join core.client_refs using (client_ref)

),

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
        sheet_id,
        row_number,
        reason,
        reason_value as value
    from contact_rows
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

-- Each cell of the rows that count which is said and was not understood.
cells as (

    select
        'clients' as table_name,
        sheet_id,
        row_number,
        unnest([
            { 'column_name': 'potential', 'kind': 'number', 'value': case when potential is null then potential_text end },
            { 'column_name': 'client_since', 'kind': 'date', 'value': case when client_since is null then client_since_text end },
            {
                'column_name': 'mandatory_touches',
                'kind': 'number',
                'value': case when mandatory_touches is null then mandatory_touches_text end
            },
            { 'column_name': 'sales_type', 'kind': 'word', 'value': case when sales_type is null then sales_type_text end },
            { 'column_name': 'marked_lost', 'kind': 'flag', 'value': case when is_marked_lost is null then marked_lost_text end },
            { 'column_name': 'key_client', 'kind': 'flag', 'value': case when is_key is null then key_client_text end },
            { 'column_name': 'brand', 'kind': 'flag', 'value': case when is_brand is null then brand_text end },
            { 'column_name': 'new_segment', 'kind': 'flag', 'value': case when is_new_segment is null then new_segment_text end },
            { 'column_name': 'in_media', 'kind': 'flag', 'value': case when is_in_media is null then in_media_text end },
            { 'column_name': 'uses_rival', 'kind': 'flag', 'value': case when uses_rival is null then uses_rival_text end },
            { 'column_name': 'employees', 'kind': 'number', 'value': case when employees is null then employees_text end },
            { 'column_name': 'branches', 'kind': 'number', 'value': case when branches is null then branches_text end },
            { 'column_name': 'turnover', 'kind': 'number', 'value': case when turnover is null then turnover_text end },
            { 'column_name': 'reps', 'kind': 'number', 'value': case when reps is null then reps_text end }
        ]) as cell
    from staging.clients
    where client_ref(client_id, client_name, tax_id) is not null
    union all
    select
        'touches' as table_name,
        sheet_id,
        row_number,
        unnest([
            { 'column_name': 'created_at', 'kind': 'date', 'value': case when created_at is null then created_text end },
            { 'column_name': 'minutes', 'kind': 'number', 'value': case when minutes is null then minutes_text end }
        ]) as cell
    from core.touch_rows
    where reason is null and (created_at is null and created_text is not null or minutes is null and minutes_text is not null)
    union all
    select
        'promises' as table_name,
        sheet_id,
        row_number,
        unnest([
            { 'column_name': 'made_on', 'kind': 'date', 'value': case when made_on is null then made_on_text end },
            { 'column_name': 'original_due_on', 'kind': 'date', 'value': case when original_due_on is null then original_due_on_text end },
            { 'column_name': 'due_on', 'kind': 'date', 'value': case when due_on is null then due_on_text end },
            { 'column_name': 'done_on', 'kind': 'date', 'value': case when done_on is null then done_on_text end },
            { 'column_name': 'moved_on', 'kind': 'date', 'value': case when moved_on is null then moved_on_text end },
            { 'column_name': 'new_due_on', 'kind': 'date', 'value': case when new_due_on is null then new_due_on_text end }
        ]) as cell
    from core.promise_rows
    where reason is null
    union all
    select
        'contacts' as table_name,
        sheet_id,
        row_number,
        unnest([
            { 'column_name': 'birthday', 'kind': 'date', 'value': case when birthday is null then birthday_text end },
            { 'column_name': 'confirmed_on', 'kind': 'date', 'value': case when confirmed_on is null then confirmed_text end },
            { 'column_name': 'left_on', 'kind': 'date', 'value': case when left_on is null then left_text end }
        ]) as cell
    from contact_rows
    where reason is null
    union all
    select
        'staff' as table_name,
        sheet_id,
        row_number,
        unnest([
            { 'column_name': 'share', 'kind': 'number', 'value': case when share is null then share_text end },
            { 'column_name': 'hours', 'kind': 'number', 'value': case when hours is null then hours_text end }
        ]) as cell
    from staging.staff
    where staff_name is not null
    union all
    select
        'requests' as table_name,
        sheet_id,
        row_number,
        unnest([
            { 'column_name': 'answered_at', 'kind': 'date', 'value': case when answered_on is null then answered_text end },
            { 'column_name': 'answer_due_on', 'kind': 'date', 'value': case when answer_due_on is null then answer_due_text end },
            { 'column_name': 'fixed_on', 'kind': 'date', 'value': case when fixed_on is null then fixed_text end }
        ]) as cell
    from core.request_rows
    where reason is null
    union all
    select
        'orders' as table_name,
        orders.sheet_id,
        orders.row_number,
        unnest([
            { 'column_name': 'margin', 'kind': 'number', 'value': case when order_rows.margin is null then orders.margin_text end },
            { 'column_name': 'discount', 'kind': 'number', 'value': case when order_rows.discount is null then orders.discount_text end },
            { 'column_name': 'quantity', 'kind': 'number', 'value': case when order_rows.quantity is null then orders.quantity_text end },
            { 'column_name': 'price', 'kind': 'number', 'value': case when order_rows.price is null then orders.price_text end },
            {
                'column_name': 'list_price',
                'kind': 'number',
                'value': case when order_rows.list_price is null then orders.list_price_text end
            }
        ]) as cell
    from core.order_rows
    inner join staging.orders using (sheet_id, row_number)
    where order_rows.reason is null and order_rows.has_unread

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

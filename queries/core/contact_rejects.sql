-- People at the clients that are left out and why; of those that are kept, the days that cannot be read.
-- transient: core.rejects has those of all tables
-- rows of: staging.contacts
-- grain: one row per rejected row or unreadable cell
with

contact_rows as (

    select
        contacts.*,
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

left_out as (

    select
        sheet_id,
        row_number,
        reason,
        reason_value as value
    from contact_rows
    where reason is not null

),

cells as (

    select
        sheet_id,
        row_number,
        unnest([
            { 'column_name': 'birthday', 'kind': 'date', 'value': case when birthday is null then birthday_text end },
            { 'column_name': 'confirmed_on', 'kind': 'date', 'value': case when confirmed_on is null then confirmed_text end },
            { 'column_name': 'left_on', 'kind': 'date', 'value': case when left_on is null then left_text end }
        ]) as cell
    from contact_rows
    where reason is null

),

final as (

    select
        sheet_id,
        row_number,
        reason,
        cast(null as varchar) as column_name,
        value
    from left_out
    union all
    select
        sheet_id,
        row_number,
        'cell_unreadable' as reason,
        cell.column_name,
        cell.value
    from cells
    where is_unread(cell.value, cell.kind)

)

select * from final

-- People at the clients, as the newest export shows each.
-- rows of: core.contact_rows
-- grain: one row per person
with

known as (

    select
        client_keys.client_key,
        client_keys.client_id,
        contact_rows.*,
        (sources.captured_on, contact_rows.sheet_id, contact_rows.row_number) as recency
    from core.contact_rows
    inner join core.sources using (sheet_id)
    inner join core.client_refs using (client_ref)
    inner join core.client_keys using (client_id)
    where contact_rows.reason is null

),

final as (

    select
        client_key,
        contact_id,
        contact_name,
        title,
        level,
        role,
        phone,
        email,
        birthday,
        interests,
        confirmed_on,
        left_on,
        extra,
        sheet_id,
        row_number
    from known
    qualify row_number() over (
        partition by client_key, coalesce(contact_id, fold_text(contact_name))
        order by recency desc
    ) = 1

)

select * from final
order by client_key asc, contact_name asc

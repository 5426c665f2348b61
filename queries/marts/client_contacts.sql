-- The people known at one client, with the last touch that named each, and the row of the file.
-- grain: one row per person
-- params: as_of date, client_id varchar
with

people as (

    select contacts.*
    from core.contacts
    inner join core.clients using (client_key)
    where clients.client_id = $client_id

),

touched as (

    select
        touch_people.contact_name,
        max(touch_kinds.held_on) filter (where touch_kinds.is_contact) as last_contact_on
    from core.touch_people
    inner join core.clients using (client_key)
    inner join ref.touch_kinds using (touch_key)
    where clients.client_id = $client_id and touch_kinds.held_on <= $as_of
    group by touch_people.contact_name

),

final as (

    select
        people.contact_name,
        people.title,
        people.role,
        people.phone,
        people.email,
        people.birthday as birthday_on,
        people.confirmed_on,
        people.left_on,
        touched.last_contact_on,
        sources.file,
        sources.sheet,
        people.row_number
    from people
    left join touched using (contact_name)
    left join core.sources using (sheet_id)

)

select * from final
order by left_on asc nulls first, contact_name collate ru asc

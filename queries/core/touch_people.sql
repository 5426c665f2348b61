-- Which people at the client each activity names. A person of a contacts sheet is named where the whole of its name stands in
-- the contact column, or two words or more of it do, in any order: systems put the surname first or last. A name that fits
-- nobody known stands for itself (is_known false).
-- rows of: core.touches
-- grain: one row per activity and person it names
with

named as (

    select distinct
        client_key,
        contact
    from core.touches
    where contact is not null

),

folded as (

    select
        client_key,
        contact,
        string_split(fold_text(contact), ' ') as words
    from named

),

people as (

    select
        client_key,
        contact_name,
        string_split(fold_text(contact_name), ' ') as words
    from core.contacts

),

matched as (

    select
        folded.client_key,
        folded.contact,
        people.contact_name
    from folded
    inner join people using (client_key)
    where
        list_has_all(folded.words, people.words)
        or (list_has_all(people.words, folded.words) and len(folded.words) > 1)

),

final as (

    select
        touches.touch_key,
        touches.client_key,
        coalesce(matched.contact_name, touches.contact) as contact_name,
        matched.contact_name is not null as is_known
    from core.touches
    left join matched using (client_key, contact)
    where touches.contact is not null

)

select * from final
order by touch_key asc, contact_name asc

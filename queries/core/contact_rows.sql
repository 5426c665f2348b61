-- People at the clients as the sheets give them, and the reason why a row is left out (null: it is kept).
-- transient: kept rows go to core.contacts, the others to core.rejects
-- rows of: staging.contacts
-- grain: one row per row of a contacts sheet
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

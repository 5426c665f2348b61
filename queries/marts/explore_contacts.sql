-- People at the clients for free exploring: title, role, when each was confirmed, the client's traits at the date.
-- grain: one row per person
-- params: as_of date
select
    contacts.contact_name,
    contacts.title,
    contacts.level,
    contacts.role,
    contacts.confirmed_on,
    contacts.left_on,
    traits.client_id,
    traits.client_name,
    traits.manager,
    traits.segment,
    traits.region,
    traits.industry,
    traits.class,
    traits.status,
    sources.file,
    sources.sheet,
    contacts.row_number,
    contacts.extra,
    traits.client_extra
from core.contacts
inner join core.sources using (sheet_id)
inner join metrics.client_traits as traits using (client_key)

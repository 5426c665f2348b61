-- The people at the clients with their level: as the sheet gives it, else by the title. METHOD 6.
-- grain: one row per person at a client
select
    contacts.client_key,
    contacts.contact_name,
    contacts.left_on,
    contacts.confirmed_on,
    coalesce(given.level, by_title.level) as level
from core.contacts
left join ref.title_levels as given on contacts.level = given.title
left join ref.title_levels as by_title on contacts.title = by_title.title
order by contacts.client_key asc, contacts.contact_name asc

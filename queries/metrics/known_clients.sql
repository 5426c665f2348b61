-- Clients known at a date: named by a clients sheet (client_since not later), or with an order or touch by then.
-- METHOD 0.1.
-- grain: one row per known client
-- params: as_of date
select client_key
from core.clients
where
    (is_listed and (client_since is null or client_since <= $as_of))
    or first_seen_on <= $as_of

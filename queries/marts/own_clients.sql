-- The clients of one manager, or of all.
-- grain: one row per client
-- params: manager varchar
select client_id
from core.clients
where $manager is null or manager = $manager
order by client_id asc

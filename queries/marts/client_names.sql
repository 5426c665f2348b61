-- The names of all clients: by them a column of clients is told whose header says nothing.
-- grain: one row per client
-- params:
select client_name
from core.clients
order by client_name asc

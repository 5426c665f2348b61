-- The merges that the user keeps: which spelling is counted as which client, and what cannot be done now.
-- grain: one row per merge kept
select
    client_merges.merged,
    client_merges.stays,
    client_merges.state,
    client_merges.client_id,
    clients.client_name
from core.client_merges
left join core.clients using (client_id)
order by client_merges.merged asc

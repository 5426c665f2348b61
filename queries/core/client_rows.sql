-- Clients as the sheets give them. Money in another currency than the workspace's is as unknown as what nobody can read: a sum
-- for no one day has no rate.
-- transient: kept rows go to core.client_snapshots, the others to core.rejects
-- rows of: staging.clients
-- grain: one row per row of a clients sheet
select
    clients.* exclude (potential, turnover),
    case when clients.potential_currency <> workspace_currency.assumed then null else clients.potential end as potential,
    case when clients.turnover_currency <> workspace_currency.assumed then null else clients.turnover end as turnover
from staging.clients
cross join core.workspace_currency

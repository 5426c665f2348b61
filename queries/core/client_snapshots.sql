-- What the newest sheet of each source says of each client.
-- Of several rows in one sheet the first: those that follow add requisites.
-- A client that a newer export of the same source leaves out keeps its last row: a narrower export is no deletion.
-- Money in another currency than the workspace's is unknown: a sum for no one day has no rate.
-- Of clients that the user merged each has rows of its own here; recency puts the one that stays before the others.
-- transient: core.clients carries it
-- rows of: staging.clients
-- grain: one row per client before merges and source
with

rows_of_clients as (

    select
        client_keys.client_key,
        sources.source,
        (client_refs.own_client_id = client_refs.client_id, sources.captured_on, clients.sheet_id, -clients.row_number) as recency,
        client_refs.own_client_id,
        client_refs.own_client_id = client_refs.client_id as is_own,
        clients.* exclude (potential, turnover),
        case when clients.potential_currency <> workspace_currency.assumed then null else clients.potential end as potential,
        case when clients.turnover_currency <> workspace_currency.assumed then null else clients.turnover end as turnover
    from staging.clients
    inner join core.client_refs
        on clients.client_ref = client_refs.client_ref
    inner join core.client_keys on client_refs.client_id = client_keys.client_id
    inner join core.sources using (sheet_id)
    cross join core.workspace_currency

),

final as (

    select *
    from rows_of_clients
    qualify row_number() over (partition by client_key, own_client_id, source order by recency desc) = 1

)

select * from final

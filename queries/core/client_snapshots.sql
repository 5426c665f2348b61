-- What the newest sheet of each source says of each client.
-- Of several rows in one sheet the first: those that follow add requisites.
-- A client that a newer export of the same source leaves out keeps its last row: a narrower export is no deletion.
-- Of clients that the user merged each has rows of its own here; recency puts the one that stays before the others.
-- transient: core.clients carries it
-- rows of: core.client_rows
-- grain: one row per client before merges and source
with

rows_of_clients as (

    select
        client_keys.client_key,
        sources.source,
        (client_refs.own_client_id = client_refs.client_id, sources.captured_on, client_rows.sheet_id, -client_rows.row_number) as recency,
        client_refs.own_client_id,
        client_refs.own_client_id = client_refs.client_id as is_own,
        client_rows.*
    from core.client_rows
    inner join core.client_refs
        on client_rows.client_ref = client_refs.client_ref
    inner join core.client_keys on client_refs.client_id = client_keys.client_id
    inner join core.sources using (sheet_id)

),

final as (

    select *
    from rows_of_clients
    qualify row_number() over (partition by client_key, own_client_id, source order by recency desc) = 1

)

select * from final

-- A small whole number for each client: joins and sorts by it are several times faster than by the id.
-- client_name: as it is first written; a client that goes in a merge gives its name only where the one that stays has none.
-- transient: core.clients carries it
-- grain: one row per client
with

ids as (

    select
        client_id,
        arg_min(given_name, (own_client_id <> client_id, first_place)) filter (where given_name is not null) as client_name
    from core.client_refs
    where client_id is not null
    group by client_id

),

final as (

    select
        client_id,
        client_name,
        cast(row_number() over (order by client_id) as integer) as client_key
    from ids

)

select * from final

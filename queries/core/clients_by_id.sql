-- References that give an id: the listed client of that id, or of the first listed one where several stand in the cell (HubSpot: 55;56)
-- or it is a link (CO_101); else one listed under the same tax id or name; else a new client.
-- transient: only the build needs it
-- grain: one row per client_ref that gives an id
with

listed as (

    select
        given_id,
        given_tax,
        folded_name
    from core.named_clients
    where is_listed and given_id is not null

),

listed_ids as (

    select distinct given_id as client_id
    from listed

),

parts as (

    select
        client_ref,
        regexp_replace(trim(unnest(string_split_regex(given_id, '[,;]'))), '^CO_(\d+)$', '\1') as part,
        generate_subscripts(string_split_regex(given_id, '[,;]'), 1) as position
    from core.named_clients
    where regexp_matches(given_id, '[,;]|^CO_\d+$')

),

by_part as (

    select
        parts.client_ref,
        arg_min(listed_ids.client_id, parts.position) as client_id
    from parts
    inner join listed_ids on parts.part = listed_ids.client_id
    group by parts.client_ref

),

by_tax as (

    select
        given_tax,
        min(given_id) as client_id
    from listed
    where given_tax is not null
    group by given_tax
    having count(distinct given_id) = 1

),

by_name as (

    select
        folded_name,
        min(given_id) as client_id
    from listed
    where folded_name is not null
    group by folded_name
    having count(distinct given_id) = 1

),

final as (

    select
        named_clients.client_ref,
        named_clients.given_name,
        named_clients.given_tax,
        named_clients.folded_name,
        named_clients.first_place,
        coalesce(listed_ids.client_id, by_part.client_id, by_tax.client_id, by_name.client_id, named_clients.given_id) as client_id
    from core.named_clients
    left join listed_ids on named_clients.given_id = listed_ids.client_id
    left join by_part on named_clients.client_ref = by_part.client_ref
    left join by_tax on named_clients.given_tax = by_tax.given_tax
    left join by_name on named_clients.folded_name = by_name.folded_name
    where named_clients.given_id is not null

)

select * from final

-- What became of each merge that the user keeps. A side means the client of that id, else the one client of that folded name.
-- Of A into B and B into C both end in C, even where B is in no file now. Where C is in none, B stays for both.
-- A ring has no end: its first client stays.
-- state: in_force; waiting (the client that goes is in no file now); target_gone (the one that should stay is in none);
-- same (both sides are one client without the merge).
-- client_id: whom the client that goes is counted as.
-- rows of: staging.same_clients
-- grain: one row per merge kept
with recursive

clients as (

    select
        client_id,
        folded_name
    from core.own_client_refs
    where client_id is not null

),

ids as (

    select distinct client_id
    from clients

),

names as (

    select
        folded_name,
        min(client_id) as client_id
    from clients
    where folded_name is not null
    group by folded_name
    having count(distinct client_id) = 1

),

sides as (

    select merged as side
    from staging.same_clients
    union
    select stays as side
    from staging.same_clients

),

-- A side that is in no file is a node of its own, so that a chain holds across it.
nodes as (

    select
        sides.side,
        coalesce(ids.client_id, names.client_id) as client_id,
        coalesce(ids.client_id, names.client_id, chr(31) || fold_name(sides.side)) as node
    from sides
    left join ids on sides.side = ids.client_id
    left join names on fold_name(sides.side) = names.folded_name

),

steps as (

    select
        same_clients.merged,
        same_clients.stays,
        going.node as from_node,
        going.client_id as from_client_id,
        staying.node as into_node
    from staging.same_clients
    inner join nodes as going on same_clients.merged = going.side
    inner join nodes as staying on same_clients.stays = staying.side

),

reached as (

    select
        from_node,
        into_node
    from steps
    where from_node <> into_node
    union
    select
        reached.from_node,
        steps.into_node
    from reached
    inner join steps on reached.into_node = steps.from_node
    where steps.from_node <> steps.into_node

),

rings as (

    select distinct from_node as node
    from reached
    where from_node = into_node

),

followers as (

    select
        into_node as node,
        count(*) as node_count
    from reached
    group by into_node

),

-- Where the way of a node leads: to one that goes no further, or into a ring.
ends as (

    select
        reached.from_node as node,
        min(reached.into_node) as end_node
    from reached
    left join rings on reached.into_node = rings.node
    left join steps on reached.into_node = steps.from_node
    where rings.node is not null or steps.from_node is null
    group by reached.from_node

),

members as (

    select
        node,
        end_node
    from ends
    union
    select
        end_node as node,
        end_node
    from ends

),

-- The one that stays is the end, else the client in the files to whom most of the others lead.
stayers as (

    select
        members.end_node,
        arg_min(ids.client_id, (-coalesce(followers.node_count, 0), ids.client_id)) as client_id
    from members
    inner join ids on members.node = ids.client_id
    left join followers on members.node = followers.node
    group by members.end_node

),

final as (

    select
        steps.merged,
        steps.stays,
        steps.from_client_id as own_client_id,
        case when steps.from_client_id is not null then coalesce(stayers.client_id, steps.from_client_id) end as client_id,
        case
            when steps.from_client_id is null then 'waiting'
            when steps.from_node = steps.into_node or (stayers.client_id = steps.from_client_id and rings.node is not null) then 'same'
            when stayers.client_id = steps.from_client_id then 'target_gone'
            else 'in_force'
        end as state
    from steps
    left join ends on steps.from_node = ends.node
    left join stayers on ends.end_node = stayers.end_node
    left join rings on steps.from_node = rings.node

)

select * from final
order by merged asc

-- Whether management names a client a key one, and how many of the user's own criteria it meets. METHOD 6.
-- The list kept in the app wins over the column of the clients sheet: it can add a client and take one off.
-- An own criterion is a column of the clients sheet with yes and no in it.
-- grain: one row per client
with

named as (

    select
        client_id,
        bool_or(parse_flag(is_listed)) as is_listed
    from ref.key_list
    where parse_flag(is_listed) is not null
    group by client_id

),

criteria as (

    select distinct header
    from ref.key_criteria
    where header is not null

),

met as (

    select
        clients.client_key,
        list(criteria.header order by criteria.header) as own_criteria
    from core.clients
    inner join criteria on parse_flag(clients.extra[criteria.header])
    group by clients.client_key

),

final as (

    select
        clients.client_key,
        coalesce(named.is_listed, clients.is_key) as is_listed,
        coalesce(met.own_criteria, []) as own_criteria
    from core.clients
    left join named using (client_id)
    left join met using (client_key)

)

select * from final
order by client_key asc

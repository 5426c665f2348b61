-- What can be chosen in the filters of a screen: the managers, segments and regions of the clients.
-- grain: one row per dimension and value
-- params:
with

named as (

    select
        'manager' as dimension,
        manager as value
    from core.clients

    union all

    select
        'segment' as dimension,
        segment as value
    from core.clients

    union all

    select
        'region' as dimension,
        region as value
    from core.clients

),

final as (

    select
        dimension,
        value,
        count(*) as client_count
    from named
    where value is not null
    group by dimension, value

)

select * from final
order by dimension asc, value collate ru asc

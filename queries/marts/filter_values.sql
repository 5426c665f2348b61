-- What can be chosen in the filters of a screen: the managers, segments and regions of the clients, of one manager or of all.
-- grain: one row per dimension and value
-- params: manager varchar
with

clients as (

    select
        manager,
        segment,
        region
    from core.clients
    where $manager is null or manager = $manager

),

named as (

    select
        'manager' as dimension,
        manager as value
    from clients

    union all

    select
        'segment' as dimension,
        segment as value
    from clients

    union all

    select
        'region' as dimension,
        region as value
    from clients

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

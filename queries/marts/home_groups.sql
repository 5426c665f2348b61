-- Clients and money by class and by stage of the life cycle.
-- grain: one row per dimension ('class', 'status') and code
-- params: as_of date, manager varchar, segment varchar, region varchar, class varchar
with

codes as (

    select
        'class' as dimension,
        class as code,
        revenue
    from metrics.client_overview

    union all

    select
        'status' as dimension,
        status as code,
        revenue
    from metrics.client_overview

),

final as (

    select
        dimension,
        code,
        count(*) as client_count,
        sum(revenue) as revenue
    from codes
    group by dimension, code

)

select * from final
order by dimension asc, code asc

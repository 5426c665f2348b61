-- Clients, money and gap by class, every class named even where it is empty.
-- grain: one row per class
-- params: as_of date, manager varchar, segment varchar, region varchar, class varchar
with

selected as (

    select
        selected_clients.client_key,
        selected_clients.class,
        selected_clients.revenue,
        client_classes.potential,
        client_classes.gap
    from metrics.selected_clients
    inner join metrics.client_classes using (client_key)

),

counted as (

    select
        class,
        count(*) as client_count,
        sum(revenue) as revenue,
        sum(potential) as potential,
        sum(gap) as gap
    from selected
    group by class

),

classes as (

    select
        unnest(['A+', 'A', 'B', 'C', 'D']) as class,
        unnest([1, 2, 3, 4, 5]) as place

),

final as (

    select
        classes.class,
        coalesce(counted.client_count, 0) as client_count,
        ratio(coalesce(counted.client_count, 0), sum(counted.client_count) over ()) as client_share,
        cast(coalesce(counted.revenue, 0) as decimal(18, 4)) as revenue,
        ratio(coalesce(counted.revenue, 0), sum(counted.revenue) over ()) as revenue_share,
        cast(counted.potential as decimal(18, 4)) as potential,
        cast(counted.gap as decimal(18, 4)) as gap,
        classes.place
    from classes
    left join counted on classes.class = counted.class

)

select * from final
order by place asc

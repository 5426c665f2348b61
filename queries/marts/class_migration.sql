-- From which class to which clients moved between two dates, in clients and in money.
-- grain: one row per class before and class now
-- params: as_of date, before_on date, manager varchar, segment varchar, region varchar, class varchar
with

moves as (

    select
        class_moves.class_before,
        class_moves.class,
        class_moves.revenue_before,
        class_moves.revenue
    from metrics.class_moves
    inner join metrics.selected_clients using (client_key)

),

final as (

    select
        coalesce(class_before, 'absent') as class_before,
        class,
        count(*) as client_count,
        cast(sum(coalesce(revenue_before, 0)) as decimal(18, 4)) as revenue_before,
        cast(sum(revenue) as decimal(18, 4)) as revenue
    from moves
    group by
        coalesce(class_before, 'absent'),
        class

)

select * from final
order by
    list_position(['A+', 'A', 'B', 'C', 'D', 'absent'], class_before) asc,
    list_position(['A+', 'A', 'B', 'C', 'D'], class) asc

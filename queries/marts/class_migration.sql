-- From which class to which clients moved between two dates, in clients and in money.
-- direction: up to a better class, down to a worse one; a client not known before moved nowhere.
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

counted as (

    select
        coalesce(class_before, 'absent') as class_before,
        class,
        count(*) as client_count,
        cast(sum(coalesce(revenue_before, 0)) as decimal(18, 4)) as revenue_before,
        cast(sum(revenue) as decimal(18, 4)) as revenue,
        list_position(['A+', 'A', 'B', 'C', 'D', 'absent'], coalesce(class_before, 'absent')) as place_before,
        list_position(['A+', 'A', 'B', 'C', 'D', 'absent'], class) as place
    from moves
    group by
        coalesce(class_before, 'absent'),
        class

),

directed as (

    select
        *,
        case
            when class_before in ('absent', class) then 'same'
            when place < place_before then 'up'
            else 'down'
        end as direction
    from counted

),

final as (

    select
        class_before,
        class,
        client_count,
        revenue_before,
        revenue,
        direction,
        cast(sum(client_count) over (partition by direction) as integer) as direction_count,
        place_before,
        place
    from directed

)

select * from final
order by place_before asc, place asc

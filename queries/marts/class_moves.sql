-- The clients whose class changed between two dates, or those of one cell of the matrix (from, to), the greatest change of
-- revenue first.
-- grain: one row per selected client that moved so
-- params: as_of date, before_on date, moved_from varchar, moved_to varchar, manager varchar, segment varchar, region varchar, class varchar
with

moves as (

    select
        selected_clients.client_id,
        selected_clients.client_name,
        coalesce(class_moves.class_before, 'absent') as class_before,
        class_moves.class,
        cast(coalesce(class_moves.revenue_before, 0) as decimal(18, 4)) as revenue_before,
        class_moves.revenue,
        selected_clients.manager,
        selected_clients.segment,
        selected_clients.region
    from metrics.class_moves
    inner join metrics.selected_clients using (client_key)

),

final as (

    select
        client_id,
        client_name,
        class_before,
        class,
        revenue_before,
        revenue,
        revenue - revenue_before as revenue_change,
        manager,
        segment,
        region
    from moves
    where
        ($moved_from is null and $moved_to is null and class_before <> class)
        or (class_before = $moved_from and class = $moved_to)

)

select * from final
order by abs(revenue_change) desc, client_id asc

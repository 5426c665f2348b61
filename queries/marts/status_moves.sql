-- The clients whose status changed between two dates, or those of one cell of the matrix (from, to), the greatest change of
-- revenue first.
-- grain: one row per selected client that moved so
-- params: as_of date, before_on date, moved_from varchar, moved_to varchar, manager varchar, segment varchar, region varchar, class varchar
with

moves as (

    select
        selected_clients.client_id,
        selected_clients.client_name,
        coalesce(status_moves.status_before, 'absent') as status_before,
        status_moves.status,
        cast(coalesce(status_moves.revenue_before, 0) as decimal(18, 4)) as revenue_before,
        status_moves.revenue,
        selected_clients.class,
        selected_clients.manager,
        selected_clients.segment,
        selected_clients.region
    from metrics.status_moves
    inner join metrics.selected_clients using (client_key)

),

final as (

    select
        client_id,
        client_name,
        status_before,
        status,
        revenue_before,
        revenue,
        revenue - revenue_before as revenue_change,
        class,
        manager,
        segment,
        region
    from moves
    where
        ($moved_from is null and $moved_to is null and status_before <> status)
        or (status_before = $moved_from and status = $moved_to)

)

select * from final
order by abs(revenue_change) desc, client_id asc

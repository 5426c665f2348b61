-- From which status to which clients moved between two dates, in clients and in money.
-- grain: one row per status before and status now
-- params: as_of date, before_on date, manager varchar, segment varchar, region varchar, class varchar
with

moves as (

    select
        status_moves.status_before,
        status_moves.status,
        status_moves.revenue_before,
        status_moves.revenue
    from metrics.status_moves
    inner join metrics.selected_clients using (client_key)

),

final as (

    select
        coalesce(status_before, 'absent') as status_before,
        status,
        count(*) as client_count,
        cast(sum(coalesce(revenue_before, 0)) as decimal(18, 4)) as revenue_before,
        cast(sum(revenue) as decimal(18, 4)) as revenue
    from moves
    group by
        coalesce(status_before, 'absent'),
        status

)

select * from final
order by status_before asc, status asc

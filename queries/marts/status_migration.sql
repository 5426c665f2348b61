-- From which status to which clients moved between two dates, in clients and in money.
-- direction: up towards loyal, down towards lost; buying statuses other than loyal are one step.
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

counted as (

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

),

steps as (

    select
        unnest(
            ['loyal', 'regular', 'new', 'returned', 'drowsing', 'asleep', 'one_time', 'prospect', 'lost', 'absent']
        ) as status,
        unnest([1, 2, 2, 2, 3, 4, 4, 4, 5, null]) as step

),

directed as (

    select
        counted.*,
        case
            when steps.step < steps_before.step then 'up'
            when steps.step > steps_before.step then 'down'
            else 'same'
        end as direction
    from counted
    inner join steps on counted.status = steps.status
    inner join steps as steps_before on counted.status_before = steps_before.status

),

final as (

    select
        status_before,
        status,
        client_count,
        revenue_before,
        revenue,
        direction,
        cast(sum(client_count) over (partition by direction) as integer) as direction_count
    from directed

)

select * from final
order by status_before asc, status asc

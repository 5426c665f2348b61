-- Clients and money by status, every status named even where it is empty; and how many meet their status's goal.
-- goal_known_count leaves out the clients of whom the data cannot say; where it can say of none, both are unknown.
-- grain: one row per status
-- params: as_of date, manager varchar, segment varchar, region varchar, class varchar
with

counted as (

    select
        client_stages.status,
        count(*) as client_count,
        sum(selected_clients.revenue) as revenue,
        sum(client_revenue_before.revenue_before) as revenue_before,
        count(*) filter (where stage_goals.goal_state = 'met') as goal_met_count,
        count(*) filter (where stage_goals.goal_state <> 'unknown') as goal_known_count
    from metrics.selected_clients
    inner join metrics.client_stages using (client_key)
    inner join metrics.client_revenue_before using (client_key)
    inner join metrics.stage_goals using (client_key)
    group by client_stages.status

),

statuses as (

    select
        unnest(
            ['loyal', 'regular', 'new', 'returned', 'drowsing', 'asleep', 'lost', 'one_time', 'prospect']
        ) as status,
        unnest([1, 2, 3, 4, 5, 6, 7, 8, 9]) as place

),

final as (

    select
        statuses.status,
        coalesce(counted.client_count, 0) as client_count,
        ratio(coalesce(counted.client_count, 0), sum(counted.client_count) over ()) as client_share,
        cast(coalesce(counted.revenue, 0) as decimal(18, 4)) as revenue,
        ratio(coalesce(counted.revenue, 0), sum(counted.revenue) over ()) as revenue_share,
        cast(coalesce(counted.revenue_before, 0) as decimal(18, 4)) as revenue_before,
        case when counted.goal_known_count > 0 then counted.goal_met_count end as goal_met_count,
        nullif(counted.goal_known_count, 0) as goal_known_count,
        statuses.place
    from statuses
    left join counted on statuses.status = counted.status

)

select * from final
order by place asc

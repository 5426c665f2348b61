-- The headline of the life cycle screen: clients that buy, those at risk and gone, with their money; where each sales type's
-- risk and sleep begin.
-- revenue_at_risk: revenue of the year of drowsing clients; sleeping_revenue: what asleep clients brought the year before.
-- grain: one row
-- params: as_of date, manager varchar, segment varchar, region varchar, class varchar
with

ratios as (

    select
        max(risk_ratio) filter (where sales_type = 'transactional') as risk_transactional,
        max(sleep_ratio) filter (where sales_type = 'transactional') as sleep_transactional,
        max(pool_count) filter (where sales_type = 'transactional') as pool_transactional,
        max(risk_ratio) filter (where sales_type = 'project') as risk_project,
        max(sleep_ratio) filter (where sales_type = 'project') as sleep_project,
        max(pool_count) filter (where sales_type = 'project') as pool_project
    from metrics.sleep_ratios

),

counted as (

    select
        count(*) as client_count,
        count(*) filter (where client_stages.status in ('loyal', 'regular', 'new', 'returned')) as buying_count,
        cast(coalesce(sum(selected_clients.revenue), 0) as decimal(18, 4)) as revenue,
        count(*) filter (where client_stages.status = 'drowsing') as drowsing_count,
        cast(
            coalesce(sum(selected_clients.revenue) filter (where client_stages.status = 'drowsing'), 0) as decimal(18, 4)
        ) as revenue_at_risk,
        count(*) filter (where client_stages.status = 'asleep') as asleep_count,
        cast(
            coalesce(sum(selected_clients.revenue) filter (where client_stages.status = 'asleep'), 0) as decimal(18, 4)
        ) as asleep_revenue,
        count(*) filter (where client_stages.status = 'lost') as lost_count,
        count(*) filter (where client_stages.status = 'loyal') as loyal_count,
        cast(
            coalesce(sum(selected_clients.revenue) filter (where client_stages.status = 'loyal'), 0) as decimal(18, 4)
        ) as loyal_revenue,
        count(*) filter (where client_stages.is_tenure_unknown) as tenure_unknown_count
    from metrics.selected_clients
    inner join metrics.client_stages using (client_key)

),

final as (

    select
        counted.*,
        ratio(counted.buying_count, counted.client_count) as buying_share,
        ratio(counted.revenue_at_risk, counted.revenue) as risk_share,
        ratio(counted.loyal_revenue, counted.revenue) as loyal_revenue_share,
        ratios.*
    from counted
    cross join ratios

)

select * from final

-- Revenue of each of the last twelve calendar months by the status that the client had at the month's end; the last month
-- ends at the date itself.
-- grain: one row per month and status
-- params: as_of date, manager varchar, segment varchar, region varchar, class varchar
with

dates as (

    select
        cast(date_trunc('month', cast($as_of - to_months(cast(number as integer)) as date)) as date) as begins_on,
        least(
            $as_of,
            last_day(cast($as_of - to_months(cast(number as integer)) as date))
        ) as as_of
    from (
        select unnest(generate_series(0, 11)) as number
    ) as numbers

),

stages as (

    select
        dates.as_of,
        dates.begins_on,
        client_stages.client_key,
        client_stages.status
    from dates
    cross join metrics.client_stages__each as client_stages

),

revenues as (

    select
        dates.as_of,
        order_days.client_key,
        sum(order_days.amount) as revenue
    from core.order_days
    inner join dates
        on
            order_days.ordered_on >= dates.begins_on
            and order_days.ordered_on <= dates.as_of
    group by
        dates.as_of,
        order_days.client_key

),

monthly as (

    select
        stages.as_of as month_ends_on,
        stages.status,
        count(*) as client_count,
        cast(coalesce(sum(revenues.revenue), 0) as decimal(18, 4)) as revenue
    from stages
    inner join metrics.selected_clients using (client_key)
    left join revenues
        on
            stages.client_key = revenues.client_key
            and stages.as_of = revenues.as_of
    group by
        stages.as_of,
        stages.status

),

final as (

    select
        month_ends_on,
        status,
        client_count,
        revenue,
        sum(revenue) over (partition by month_ends_on) as month_revenue,
        ratio(
            sum(revenue) filter (where status = 'loyal') over (partition by month_ends_on),
            sum(revenue) over (partition by month_ends_on)
        ) as loyal_share
    from monthly

)

select * from final
order by month_ends_on asc, status asc

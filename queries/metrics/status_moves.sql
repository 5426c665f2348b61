-- The status of each client at two dates, with its revenue and orders at each. A client not known at the earlier date has
-- none then. METHOD 4.
-- grain: one row per client known at the later date
-- params: as_of date, before_on date
with

dates as (

    select $before_on as as_of

),

before as (

    select
        client_stages.client_key,
        client_stages.status,
        client_stages.order_count,
        client_revenue.revenue
    from dates
    cross join metrics.client_stages__each as client_stages
    cross join metrics.client_revenue__each as client_revenue
    where client_stages.client_key = client_revenue.client_key

),

final as (

    select
        client_stages.client_key,
        before.status as status_before,
        client_stages.status,
        before.revenue as revenue_before,
        client_revenue.revenue,
        before.order_count as order_count_before,
        client_stages.order_count
    from metrics.client_stages
    inner join metrics.client_revenue using (client_key)
    left join before using (client_key)

)

select * from final

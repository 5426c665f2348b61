-- Revenue of each client in the year that ends at the date, returns included. METHOD 0.3.
-- grain: one row per known client
-- params: as_of date
with

known_clients as (

    select client_key
    from metrics.known_clients

),

sums as (

    select
        client_key,
        sum(amount) as revenue
    from core.order_days
    where
        ordered_on <= $as_of
        and ordered_on > cast($as_of - to_months(cast(norm('revenue_months') as integer)) as date)
    group by client_key

),

final as (

    select
        known_clients.client_key,
        cast(coalesce(sums.revenue, 0) as decimal(18, 4)) as revenue
    from known_clients
    left join sums using (client_key)

)

select * from final

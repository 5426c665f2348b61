-- The money at stake with each client: its revenue of the year, and the orders that its silence costs. METHOD 8.
-- order_stake: the client's median order (of all its occasions) × the order cycles missed, whole ones since the last order
-- and at least the one that is due; null for a client that never ordered.
-- grain: one row per known client
-- params: as_of date
with

orders as (

    select
        client_key,
        median(cast(amount as double)) as median_order
    from core.order_days
    where is_occasion and ordered_on <= $as_of
    group by client_key

),

missed as (

    select
        client_key,
        greatest(cast(floor(round(($as_of - last_order_on) / cycle_days, 9)) as integer), 1) as cycles_missed
    from metrics.client_cycles
    where order_count > 0

),

final as (

    select
        client_revenue.client_key,
        client_revenue.revenue,
        missed.cycles_missed,
        cast(orders.median_order as decimal(18, 4)) as median_order,
        cast(orders.median_order * missed.cycles_missed as decimal(18, 4)) as order_stake
    from metrics.client_revenue
    left join orders using (client_key)
    left join missed using (client_key)

)

select * from final

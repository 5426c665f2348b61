-- How evenly a client buys: the coefficient of variation of its revenue over the months that end at the date, and X Y Z.
-- A client without revenue in these months has neither. METHOD 3.
-- grain: one row per known client
-- params: as_of date
with

months as (

    select
        number,
        cast($as_of - to_months(cast(number + 1 as integer)) as date) as begins_after,
        cast($as_of - to_months(cast(number as integer)) as date) as ends_on
    from (
        select unnest(generate_series(0, cast(norm('revenue_months') as integer) - 1)) as number
    ) as numbers

),

monthly as (

    select
        client_revenue.client_key,
        months.number,
        cast(coalesce(sum(order_days.amount), 0) as double) as revenue
    from metrics.client_revenue
    cross join months
    left join core.order_days
        on
            client_revenue.client_key = order_days.client_key
            and months.begins_after < order_days.ordered_on
            and months.ends_on >= order_days.ordered_on
    where client_revenue.revenue > 0
    group by
        client_revenue.client_key,
        months.number

),

varied as (

    select
        client_key,
        round(stddev_pop(revenue) / avg(revenue), 9) as variation
    from monthly
    group by client_key

),

final as (

    select
        client_revenue.client_key,
        varied.variation,
        case
            when varied.variation <= norm('xyz_x') then 'X'
            when varied.variation <= norm('xyz_y') then 'Y'
            when varied.variation > norm('xyz_y') then 'Z'
        end as xyz
    from metrics.client_revenue
    left join varied using (client_key)

)

select * from final

-- One client's revenue by month over the last 24 months, beside the same month a year before. Returns included.
-- The last month ends at the date. Months without an order are there with nothing.
-- grain: one row per month
-- params: as_of date, client_id varchar
with

known as (

    select client_key
    from core.clients
    where client_id = $client_id

),

months as (

    select unnest(
        generate_series(
            cast(date_trunc('month', $as_of) - to_months(35) as timestamp),
            cast(date_trunc('month', $as_of) as timestamp),
            to_months(1)
        )
    ) as month_at

),

sums as (

    select
        date_trunc('month', order_days.ordered_on) as month_on,
        sum(order_days.amount) as revenue,
        count(*) filter (where order_days.is_occasion) as order_count
    from core.order_days
    inner join known using (client_key)
    where order_days.ordered_on <= $as_of
    group by date_trunc('month', order_days.ordered_on)

),

joined as (

    select
        cast(months.month_at as date) as month_on,
        coalesce(sums.revenue, 0) as revenue,
        coalesce(sums.order_count, 0) as order_count
    from months
    left join sums on cast(months.month_at as date) = sums.month_on

),

compared as (

    select
        *,
        lag(revenue, 12) over (order by month_on) as revenue_year_before,
        row_number() over (order by month_on desc) as recency,
        least(cast(month_on + to_months(1) as date) - 1, $as_of) as month_ends_on
    from joined

),

final as (

    select
        month_on,
        month_ends_on,
        cast(revenue as decimal(18, 4)) as revenue,
        cast(revenue_year_before as decimal(18, 4)) as revenue_year_before,
        order_count
    from compared
    where recency <= 24

)

select * from final
order by month_on asc

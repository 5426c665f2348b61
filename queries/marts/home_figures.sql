-- The headline figures of the overview: clients, money, the touch norm, what slips and what is overdue.
-- served_share: of the clients not asleep or lost whose manager logs touches, those at 80 % of the norm or more, plain and by
-- revenue (METHOD 2.3).
-- grain: one row
-- params: as_of date, manager varchar, segment varchar, region varchar, class varchar
with

final as (

    select
        count(*) as client_count,
        count(*) filter (where revenue > 0) as buying_client_count,
        sum(revenue) as revenue,
        count(*) filter (where class in ('A+', 'A')) as top_client_count,
        cast(sum(revenue) filter (where class in ('A+', 'A')) as double) / nullif(cast(sum(revenue) as double), 0)
            as top_revenue_share,
        cast(sum(revenue) filter (where is_slipping) as double) / nullif(cast(sum(revenue) as double), 0)
            as slipping_revenue_share,
        count(*) filter (where is_slipping) as slipping_client_count,
        sum(revenue) filter (where is_slipping) as slipping_revenue,
        count(*) filter (where is_served) as served_client_count,
        count(*) filter (where is_served or is_below) as judged_client_count,
        count(*) filter (where is_served) / nullif(count(*) filter (where is_served or is_below), 0) as served_share,
        cast(sum(revenue) filter (where is_served and revenue > 0) as double)
        / nullif(cast(sum(revenue) filter (where (is_served or is_below) and revenue > 0) as double), 0)
            as served_revenue_share,
        sum(overdue_promise_count) as overdue_promise_count,
        count(*) filter (where overdue_promise_count > 0) as overdue_client_count,
        sum(revenue) filter (where overdue_promise_count > 0) as overdue_revenue,
        count(*) filter (where need_rank is not null) as need_count
    from metrics.client_overview

)

select * from final

-- The clients behind the figures of the overview, those that need a decision first on top.
-- grain: one row per client that the filters leave
-- params: as_of date, manager varchar, segment varchar, region varchar, class varchar
select
    client_id,
    client_name,
    manager,
    class,
    status,
    revenue,
    days_since_order,
    cycle_days,
    compliance,
    touch_status,
    owed_count,
    overdue_promise_count,
    longest_overdue_days,
    is_slipping,
    is_below,
    is_served,
    is_portfolio,
    need_rank
from metrics.client_overview
order by need_rank asc nulls last, revenue desc nulls last, client_id asc

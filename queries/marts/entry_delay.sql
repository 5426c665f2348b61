-- How long after a touch was held it is entered, by who entered it: median, 90th percentile, share later than three days.
-- Distorts every report of a past date: what was not entered by then looks as if it had not been held.
-- Entered before it was held (a plan that came true) counts as no delay. A touch without created_at is not counted.
-- A touch without a manager is its client's manager's.
-- grain: one row per manager, one of all of them (is_all)
-- params: manager varchar
with

delays as (

    select
        coalesce(touches.manager, clients.manager) as manager,
        greatest(cast(cast(touches.created_at as date) - touches.held_on as integer), 0) as delay_days
    from core.touches
    inner join core.clients using (client_key)
    where
        touches.created_at is not null
        and ($manager is null or clients.manager = $manager)

),

final as (

    select
        manager,
        grouping(manager) = 1 as is_all,
        count(*) as touch_count,
        median(cast(delay_days as double)) as median_delay_days,
        quantile_cont(cast(delay_days as double), 0.9) as long_delay_days,
        max(delay_days) as longest_delay_days,
        count(*) filter (where delay_days > norm('entry_days')) as late_count,
        count(*) filter (where delay_days > norm('entry_days')) / count(*) as late_share
    from delays
    group by grouping sets ((manager), ())
    having count(*) > 0

)

select * from final
order by is_all desc, median_delay_days desc, manager asc

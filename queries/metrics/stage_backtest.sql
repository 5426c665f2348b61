-- Had the rule run at the earlier date: what it would have said of each client then buying or slipping, and what came.
-- Alarm: drowsing or asleep then. Lost: no order since. METHOD 4.
-- grain: one row per client that was buying, drowsing or asleep at the earlier date
-- params: as_of date, before_on date
with

moves as (

    select
        client_key,
        status_before,
        status,
        status_before in ('drowsing', 'asleep') as is_alarm,
        order_count = order_count_before as is_lost
    from metrics.status_moves
    where status_before in ('loyal', 'regular', 'new', 'returned', 'drowsing', 'asleep')

),

final as (

    select
        client_key,
        status_before,
        status,
        is_alarm,
        is_lost,
        case
            when is_alarm and is_lost then 'caught'
            when is_alarm then 'false_alarm'
            when is_lost then 'missed'
            else 'quiet'
        end as outcome
    from moves

)

select * from final

-- Had the rule run at the earlier date: of the clients then buying, how many it called drowsing or asleep, and how many of
-- each ordered again by now. Lost later: no order since the earlier date. METHOD 4.
-- grain: one row per answer the rule would have given (drowsing, asleep, quiet)
-- params: as_of date, before_on date, manager varchar, segment varchar, region varchar, class varchar
with

moves as (

    select
        case when status_moves.status_before in ('drowsing', 'asleep') then status_moves.status_before else 'quiet' end as alarm,
        status_moves.order_count > status_moves.order_count_before as has_ordered
    from metrics.status_moves
    inner join metrics.selected_clients using (client_key)
    where status_moves.status_before in ('drowsing', 'asleep', 'loyal', 'regular', 'new', 'returned')

),

alarms as (

    select
        unnest(['drowsing', 'asleep', 'quiet']) as alarm,
        unnest([1, 2, 3]) as place

),

final as (

    select
        alarms.alarm,
        count(moves.alarm) as client_count,
        count(*) filter (where not moves.has_ordered) as lost_count,
        count(*) filter (where moves.has_ordered) as ordered_count,
        alarms.place
    from alarms
    left join moves on alarms.alarm = moves.alarm
    group by
        alarms.alarm,
        alarms.place

)

select * from final
order by place asc

-- Had the life cycle rule run at the earlier date: how many later lost it caught, how many alarms were false. METHOD 4.
-- grain: one row
-- params: as_of date, before_on date, manager varchar, segment varchar, region varchar, class varchar
with

counted as (

    select
        count(*) as judged_count,
        count(*) filter (where stage_backtest.is_alarm) as alarm_count,
        count(*) filter (where stage_backtest.is_lost) as lost_count,
        count(*) filter (where stage_backtest.outcome = 'caught') as caught_count,
        count(*) filter (where stage_backtest.outcome = 'false_alarm') as false_alarm_count,
        count(*) filter (where stage_backtest.outcome = 'missed') as missed_count
    from metrics.stage_backtest
    inner join metrics.selected_clients using (client_key)

),

final as (

    select
        *,
        ratio(caught_count, lost_count) as caught_share,
        ratio(false_alarm_count, alarm_count) as false_alarm_share
    from counted

)

select * from final

-- Promptness in figures: requests, the share answered, how fast, and for those without an answer whether a day was named.
-- METHOD 5. Medians: of the answered ones; hours where both moments say a time of day.
-- Requests of clients that are not known by then count while no filter is set.
-- grain: one row
-- params: as_of date, manager varchar, segment varchar, region varchar, class varchar
with

chosen as (

    select request_answers.*
    from metrics.request_answers
    left join metrics.selected_clients using (client_key)
    where
        selected_clients.client_key is not null
        or ($manager is null and $segment is null and $region is null and $class is null)

),

final as (

    select
        count(*) as request_count,
        count(*) filter (where request_state = 'answered') as answered_count,
        count(*) filter (where request_state = 'answered') / nullif(count(*), 0) as answered_share,
        wilson_low(count(*) filter (where request_state = 'answered'), count(*)) as low_rate,
        wilson_high(count(*) filter (where request_state = 'answered'), count(*)) as high_rate,
        median(answer_hours) as median_hours,
        count(answer_hours) as timed_count,
        median(cast(answer_working_days as double)) as median_working_days,
        max(answer_working_days) as longest_working_days,
        count(*) filter (where request_state <> 'answered') as unanswered_count,
        count(*) filter (where request_state = 'named') as named_count,
        count(*) filter (where request_state = 'broken') as broken_count,
        count(*) filter (where request_state = 'unnamed') as unnamed_count
    from chosen

)

select * from final

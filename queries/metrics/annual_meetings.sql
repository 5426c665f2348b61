-- The annual meeting with each A and A+ client: when it was last held, with whom and at what level, and when the next is due:
-- 12 months after. Never held: due at once, and with_us_since says how long the client is with us (is_since_at_least: at
-- least so long). Where the client's manager logs no touches whether it was held is not known: is_due is null. METHOD 6, rule 13.
-- grain: one row per client of class A or A+
-- params: as_of date
with

last_meetings as (

    select
        client_key,
        max(held_on) as held_on,
        arg_max(touch_key, (held_on, touch_key)) as touch_key
    from ref.annual_meetings
    where held_on <= $as_of
    group by client_key

),

attendants as (

    select
        last_meetings.touch_key,
        string_agg(touch_people.contact_name, ', ' order by touch_people.contact_name) as with_whom,
        arg_min(
            people_levels.level,
            list_position(['director', 'head', 'specialist'], people_levels.level)
        ) as level
    from last_meetings
    inner join core.touch_people using (touch_key)
    left join ref.people_levels
        on
            touch_people.client_key = people_levels.client_key
            and touch_people.contact_name = people_levels.contact_name
    group by last_meetings.touch_key

),

final as (

    select
        client_classes.client_key,
        last_meetings.held_on,
        attendants.with_whom,
        attendants.level,
        cast(last_meetings.held_on + to_months(cast(norm('annual_months') as integer)) as date) as due_on,
        client_stages.tenure_from as with_us_since,
        client_stages.is_tenure_unknown as is_since_at_least,
        case
            when last_meetings.held_on is not null
                then last_meetings.held_on + to_months(cast(norm('annual_months') as integer)) <= $as_of
            when client_logs.last_logged_on is not null then true
        end as is_due
    from metrics.client_classes
    inner join metrics.client_stages using (client_key)
    inner join metrics.client_logs using (client_key)
    left join last_meetings using (client_key)
    left join attendants on last_meetings.touch_key = attendants.touch_key
    where client_classes.class in ('A+', 'A')

)

select * from final

-- Agenda: annual meetings due with A and A+ clients. METHOD 6, rule 13, and 8. Money: the client's revenue.
-- grain: one row per client
-- params: as_of date
with

final as (

    select
        annual_meetings.client_key,
        clients.client_id,
        cast(null as varchar) as item,
        cast(null as varchar) as owner,
        client_stakes.revenue as money,
        case
            when annual_meetings.held_on is null and annual_meetings.with_us_since is null then 'annual_never'
            when annual_meetings.held_on is null and annual_meetings.is_since_at_least then 'annual_never_at_least'
            when annual_meetings.held_on is null then 'annual_never_since'
            when annual_meetings.with_whom is null then 'annual_due'
            else 'annual_due_with'
        end as reason_code,
        to_json({
            'held_on': annual_meetings.held_on,
            'due_on': annual_meetings.due_on,
            'with_whom': annual_meetings.with_whom,
            'level': annual_meetings.level,
            'since_on': annual_meetings.with_us_since
        }) as facts,
        to_json({
            'mart': 'marts.client_meetings', 'params': { 'client_id': clients.client_id }
        }) as evidence
    from metrics.annual_meetings
    inner join core.clients using (client_key)
    inner join metrics.client_stakes using (client_key)
    where annual_meetings.is_due

)

select * from final

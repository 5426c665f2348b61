-- Agenda: forgotten key clients: no event of any kind in the last report interval, (D − 7, D]. METHOD 6 and 8.
-- Where the client's manager logs no touches at all the line says so: somebody may have spoken with the client.
-- Money: the client's revenue.
-- grain: one row per forgotten client
-- params: as_of date
with

final as (

    select
        key_clients.client_key,
        clients.client_id,
        cast(null as varchar) as item,
        cast(null as varchar) as owner,
        client_stakes.revenue as money,
        case
            when last_events.last_event_on is null then 'forgotten_never'
            when client_logs.last_logged_on is null then 'forgotten_unlogged'
            else 'forgotten'
        end as reason_code,
        to_json({ 'count': $as_of - last_events.last_event_on, 'last_on': last_events.last_event_on }) as facts,
        to_json({ 'mart': 'marts.client_events', 'params': { 'client_id': clients.client_id } }) as evidence
    from metrics.key_clients
    inner join core.clients using (client_key)
    inner join metrics.client_stakes using (client_key)
    inner join metrics.client_logs using (client_key)
    left join metrics.last_events using (client_key)
    where
        key_clients.is_key
        and coalesce(last_events.last_event_on <= $as_of - cast(norm('report_days') as integer), true)

)

select * from final

-- Agenda: clients that hang on one person: key clients and those of class A+ and A where personal touches of the last
-- max(cycle, 90 days) name exactly one. METHOD 6 and 8. Money: the client's revenue.
-- grain: one row per client
-- params: as_of date
with

final as (

    select
        client_threads.client_key,
        clients.client_id,
        cast(null as varchar) as item,
        cast(null as varchar) as owner,
        client_stakes.revenue as money,
        case when client_threads.person_count > 1 then 'single_thread' else 'single_person' end as reason_code,
        to_json({
            'count': cast(round(client_threads.span_days) as integer),
            'person': client_threads.touched_name,
            'known': client_threads.person_count
        }) as facts,
        to_json({ 'mart': 'marts.client_contacts', 'params': { 'client_id': clients.client_id } }) as evidence
    from metrics.client_threads
    inner join core.clients using (client_key)
    inner join metrics.client_classes using (client_key)
    inner join metrics.key_clients using (client_key)
    inner join metrics.client_stakes using (client_key)
    where
        client_threads.is_single_thread
        and (key_clients.is_key or client_classes.class in ('A+', 'A'))

)

select * from final

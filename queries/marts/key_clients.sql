-- The score card of key clients: every client that is one or meets a criterion, how it is looked after, what is missing.
-- last_event_on: of any kind; is_forgotten: none in the last report interval. coverage_share: levels with a same-level personal
-- touch of the levels known, null where it is not measurable. meeting_on: the last annual meeting (A and A+). METHOD 6.
-- only_keys: true leaves the key clients. forgotten: true leaves those forgotten. of_manager: of one manager, '' of none.
-- grain: one row per client
-- params: as_of date, manager varchar, segment varchar, region varchar, class varchar
-- params: only_keys boolean, forgotten boolean, of_manager varchar
with

judged as (

    select
        selected_clients.client_key,
        selected_clients.client_id,
        selected_clients.client_name,
        selected_clients.manager,
        selected_clients.class,
        selected_clients.revenue,
        key_clients.* exclude (client_key, own_criteria),
        array_to_string(key_clients.own_criteria, ', ') as own_criteria,
        last_events.last_event_on,
        key_clients.is_key
        and coalesce(last_events.last_event_on <= $as_of - cast(norm('report_days') as integer), true) as is_forgotten
    from metrics.key_clients
    inner join metrics.selected_clients using (client_key)
    left join metrics.last_events using (client_key)
    where key_clients.is_key or key_clients.criteria_count > 0

),

final as (

    select
        judged.* exclude (client_key),
        client_threads.person_count,
        client_threads.touched_count,
        client_threads.level_count,
        client_threads.covered_level_count,
        client_threads.covered_level_count / nullif(client_threads.level_count, 0) as coverage_share,
        client_threads.is_single_thread,
        annual_meetings.held_on as meeting_on,
        annual_meetings.due_on as meeting_due_on,
        annual_meetings.is_due as is_meeting_due,
        hollow_contracts.is_hollow
    from judged
    left join metrics.client_threads using (client_key)
    left join metrics.annual_meetings using (client_key)
    left join metrics.hollow_contracts using (client_key)
    where
        (judged.is_key or not coalesce($only_keys, false))
        and (judged.is_forgotten or not coalesce($forgotten, false))
        and ($of_manager is null or $of_manager = coalesce(judged.manager, ''))

)

select * from final
order by is_key desc, revenue desc nulls last, client_id asc

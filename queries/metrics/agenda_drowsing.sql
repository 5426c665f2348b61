-- Agenda: clients that began to drowse or fell asleep since the last report interval (D − 7). METHOD 4 and 8.
-- Coming up from asleep to drowsing, or from lost, is no news of this section. Money: median order × cycles missed.
-- grain: one row per newly drowsing or asleep client
-- params: as_of date
with

dates as (

    select $as_of - cast(norm('report_days') as integer) as as_of

),

before as (

    select
        client_stages.client_key,
        client_stages.status
    from dates
    cross join metrics.client_stages__each as client_stages

),

final as (

    select
        client_stages.client_key,
        clients.client_id,
        cast(null as varchar) as item,
        cast(null as varchar) as owner,
        client_stakes.order_stake as money,
        'newly_' || client_stages.status as reason_code,
        to_json({
            'count': client_stages.days_since_order,
            'cycle_days': round(client_stages.cycle_days, 1),
            'cycles_missed': client_stakes.cycles_missed
        }) as facts,
        to_json({ 'mart': 'marts.evidence_orders', 'params': { 'client_id': clients.client_id } }) as evidence
    from metrics.client_stages
    inner join core.clients using (client_key)
    inner join metrics.client_stakes using (client_key)
    left join before using (client_key)
    where
        (client_stages.status = 'drowsing' and coalesce(before.status not in ('drowsing', 'asleep', 'lost'), true))
        or (client_stages.status = 'asleep' and coalesce(before.status not in ('asleep', 'lost'), true))

)

select * from final

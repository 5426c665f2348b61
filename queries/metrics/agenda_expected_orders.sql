-- Agenda: orders expected within the next report interval, (D, D + 7], with no personal touch in the pre-order window so
-- far. METHOD 2.4 and 8. Clients marked lost wait for no order. Money: the median order.
-- Where the client's manager logs no touches at all the line says so: unknown is not zero.
-- grain: one row per client
-- params: as_of date
with

expected as (

    select
        client_cycles.client_key,
        client_cycles.expected_order_on,
        client_cycles.window_opens_on,
        client_cycles.last_order_on,
        clients.client_id
    from metrics.client_cycles
    inner join core.clients using (client_key)
    where
        client_cycles.expected_order_on > $as_of
        and client_cycles.expected_order_on <= $as_of + cast(norm('report_days') as integer)
        and not clients.is_marked_lost

),

touched as (

    select distinct expected.client_key
    from expected
    inner join ref.touch_kinds
        on
            expected.client_key = touch_kinds.client_key
            and expected.window_opens_on <= touch_kinds.held_on
    where touch_kinds.held_on <= $as_of and touch_kinds.is_contact and touch_kinds.is_personal

),

final as (

    select
        expected.client_key,
        expected.client_id,
        cast(null as varchar) as item,
        cast(null as varchar) as owner,
        client_stakes.order_stake as money,
        case
            when client_logs.last_logged_on is null then 'expected_unlogged'
            when expected.window_opens_on > $as_of then 'expected_soon'
            else 'expected_untouched'
        end as reason_code,
        to_json({
            'count': expected.expected_order_on - $as_of,
            'expected_on': expected.expected_order_on,
            'opens_on': expected.window_opens_on
        }) as facts,
        to_json({
            'mart': 'marts.evidence_touches', 'params': { 'client_id': expected.client_id, 'since': expected.last_order_on }
        }) as evidence
    from expected
    inner join metrics.client_stakes using (client_key)
    inner join metrics.client_logs using (client_key)
    left join touched using (client_key)
    where touched.client_key is null

)

select * from final

-- Agenda: hollow contracts, a line per client with the first of the rule's signs that fits. METHOD 6, rule 12, and 8.
-- Money: the client's revenue.
-- grain: one row per client
-- params: as_of date
with

final as (

    select
        hollow_contracts.client_key,
        clients.client_id,
        cast(null as varchar) as item,
        cast(null as varchar) as owner,
        client_stakes.revenue as money,
        case
            when hollow_contracts.is_untouched then 'hollow_untouched'
            when hollow_contracts.is_troubled then 'hollow_troubled'
            when hollow_contracts.confirmed_on is null then 'hollow_never_confirmed'
            else 'hollow_unconfirmed'
        end as reason_code,
        to_json({
            'count': cast(round(hollow_contracts.span_days) as integer),
            'touches': hollow_contracts.touch_count,
            'problems': hollow_contracts.problem_count,
            'confirmed_on': hollow_contracts.confirmed_on
        }) as facts,
        case
            when coalesce(hollow_contracts.is_untouched, false) or coalesce(hollow_contracts.is_troubled, false)
                then to_json({
                    'mart': 'marts.evidence_touches',
                    'params': {
                        'client_id': clients.client_id,
                        'since': $as_of - cast(ceil(hollow_contracts.span_days) as integer) + 1
                    }
                })
            else to_json({ 'mart': 'marts.client_contacts', 'params': { 'client_id': clients.client_id } })
        end as evidence
    from metrics.hollow_contracts
    inner join core.clients using (client_key)
    inner join metrics.client_stakes using (client_key)
    where hollow_contracts.is_hollow

)

select * from final

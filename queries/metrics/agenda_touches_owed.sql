-- Agenda: touches owed by the managers, a line per client that is owed any. METHOD 2.3 and 8.
-- Clients that are not asleep or lost (those belong to reactivation), whose manager logs touches. Money: revenue.
-- grain: one row per client
-- params: as_of date
with

owing as (

    select
        client_key,
        owed_mandatory,
        owed_standard,
        owed_need,
        owed_mandatory + owed_standard + owed_need as owed_count
    from metrics.touch_compliance
    where status <> 'no_data'

),

final as (

    select
        owing.client_key,
        clients.client_id,
        cast(null as varchar) as item,
        cast(null as varchar) as owner,
        client_stakes.revenue as money,
        'touches_owed' as reason_code,
        to_json({
            'count': owing.owed_count,
            'mandatory': owing.owed_mandatory,
            'standard': owing.owed_standard,
            'need': owing.owed_need
        }) as facts,
        to_json({ 'mart': 'marts.evidence_compliance', 'params': { 'client_id': clients.client_id } }) as evidence
    from owing
    inner join core.clients using (client_key)
    inner join metrics.client_stages using (client_key)
    inner join metrics.client_stakes using (client_key)
    where owing.owed_count > 0 and client_stages.status not in ('asleep', 'lost')

)

select * from final

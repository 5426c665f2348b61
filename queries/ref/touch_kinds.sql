-- What kind of touch each activity is and which reason it had: as the export says, else by the rules; what no rule knows is
-- 'unrecognised', never dropped. METHOD 2.1. A touch without a manager is its client's manager's.
-- is_contact: contacts of the norm (METHOD 2.3); an anti-reason fills no standard slot. is_personal: call, meeting, video.
-- grain: one row per activity
with

reasons as (

    select
        code,
        is_anti in ('1', 'true', 'yes') as is_anti,
        fold_text(ru) as ru,
        fold_text(en) as en
    from ref.reasons

),

given_reasons as (

    select distinct given_reason
    from core.touches
    where given_reason is not null

),

named_reasons as (

    select
        given_reasons.given_reason,
        min(reasons.code) as code
    from given_reasons
    inner join reasons
        on
            fold_text(given_reasons.given_reason) in (reasons.code, reasons.ru, reasons.en)
            or 'r' || fold_text(given_reasons.given_reason) = reasons.code
    group by given_reasons.given_reason

),

manager_names as (

    select distinct manager
    from core.touches
    union
    select distinct manager
    from core.clients

),

managers as (

    select
        manager,
        fold_text(manager) as folded_manager
    from manager_names
    where manager is not null

),

matched as (

    select
        touches.touch_key,
        touches.client_key,
        touches.held_on,
        touches.is_personal,
        managers.folded_manager as manager,
        given_kind(touches.given_kind) as named_kind,
        coalesce(given_kind(touches.given_kind), rule_hits.kind, 'unrecognised') as kind,
        coalesce(named_reasons.code, rule_hits.reason) as reason,
        rule_hits.rule_position
    from core.touches
    inner join core.clients using (client_key)
    left join ref.rule_hits using (wording_key)
    left join managers on coalesce(touches.manager, clients.manager) = managers.manager
    left join named_reasons using (given_reason)

),

final as (

    select
        matched.touch_key,
        matched.client_key,
        matched.held_on,
        matched.manager,
        matched.kind,
        matched.reason,
        matched.named_kind is not null as is_kind_given,
        case when matched.named_kind is null then matched.rule_position end as rule_position,
        coalesce(reasons.is_anti, false) as is_anti_reason,
        matched.kind in ('mandatory', 'need', 'standard', 'standard+need') as is_contact,
        matched.kind = 'mandatory' as is_mandatory,
        matched.kind in ('standard', 'standard+need') and not coalesce(reasons.is_anti, false) as is_standard,
        matched.kind in ('need', 'standard+need') as is_need,
        matched.is_personal
    from matched
    left join reasons on matched.reason = reasons.code

)

select * from final
order by client_key asc, held_on asc

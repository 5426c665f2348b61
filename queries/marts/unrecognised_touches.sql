-- Activities that no rule knows, by wording, so that a rule can be made of each. METHOD 2.1.
-- A wording is the subject, or where there is none the beginning of the text, folded as rules fold it.
-- grain: one row per channel, type and wording
-- params: as_of date, manager varchar, segment varchar, region varchar, class varchar
with

unknown as (

    select
        coalesce(touches.channel, '') as channel,
        coalesce(touches.type, '') as type,
        coalesce(fold_text(coalesce(touches.subject, left(coalesce(touches.text, touches.result), 60))), '') as wording,
        touches.subject,
        touches.text,
        touch_kinds.client_key,
        touch_kinds.held_on,
        touch_kinds.is_personal
    from ref.touch_kinds
    inner join core.touches using (touch_key)
    inner join metrics.selected_clients on touch_kinds.client_key = selected_clients.client_key
    where touch_kinds.kind = 'unrecognised' and touch_kinds.held_on <= $as_of

),

final as (

    select
        channel,
        type,
        wording,
        count(*) as touch_count,
        count(distinct client_key) as client_count,
        max(held_on) as last_held_on,
        arg_max(coalesce(subject, text), held_on) as example,
        channel || type || wording <> '' as can_be_rule
    from unknown
    group by channel, type, wording

)

select * from final
order by touch_count desc, wording asc, channel asc, type asc

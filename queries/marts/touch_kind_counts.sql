-- What the log of the last 12 months consists of: activities by kind, personal ones among them. Problem touches, attempts,
-- stages of deals and unrecognised activities are no contacts of the norm and are counted apart. METHOD 2.1, 2.3.
-- grain: one row per kind that occurs
-- params: as_of date, manager varchar, segment varchar, region varchar, class varchar
with

kinds as (

    select
        touch_kinds.kind,
        touch_kinds.client_key,
        touch_kinds.held_on,
        touch_kinds.is_personal,
        touch_kinds.is_contact,
        touch_kinds.is_anti_reason
    from ref.touch_kinds
    inner join metrics.selected_clients using (client_key)
    where
        touch_kinds.held_on <= $as_of
        and touch_kinds.held_on > cast($as_of - to_months(cast(norm('revenue_months') as integer)) as date)

),

final as (

    select
        kind,
        count(*) as touch_count,
        count(*) filter (where is_personal) as personal_count,
        count(*) filter (where is_contact and is_anti_reason) as anti_reason_count,
        count(distinct client_key) as client_count,
        max(held_on) as last_held_on,
        bool_or(is_contact) as is_contact,
        cast($as_of - to_months(cast(norm('revenue_months') as integer)) as date) + 1 as since_on
    from kinds
    group by kind

)

select * from final
order by is_contact desc, touch_count desc, kind asc

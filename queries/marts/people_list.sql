-- Our people, with every spelling of the name, and what would stand under another name if it were another's:
-- clients led, orders (days with order lines, by client), touches and promises.
-- grain: one row per person
-- params:
with

people as (

    select
        person,
        bool_or(is_dismissed) as is_dismissed,
        string_agg(form, ', ' order by row_count desc, form asc) filter (where form <> person) as name_forms
    from core.people
    group by person

),

client_leads as (

    select
        manager as person,
        count(*) as client_count
    from core.clients
    group by manager

),

selling as (

    select
        manager as person,
        count(distinct row(client_key, ordered_on)) as order_count
    from core.order_lines
    group by manager

),

touching as (

    select
        manager as person,
        count(*) as touch_count
    from core.touches
    group by manager

),

promising as (

    select
        owner as person,
        count(*) as promise_count
    from core.promises
    group by owner

),

final as (

    select
        people.person,
        people.is_dismissed,
        people.name_forms,
        coalesce(client_leads.client_count, 0) as client_count,
        coalesce(selling.order_count, 0) as order_count,
        coalesce(touching.touch_count, 0) as touch_count,
        coalesce(promising.promise_count, 0) as promise_count
    from people
    left join client_leads using (person)
    left join selling using (person)
    left join touching using (person)
    left join promising using (person)

)

select * from final
order by person collate ru asc

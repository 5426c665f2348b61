-- What became of each answer that two names are one person. Of A into B and B into C all are C, even where B is in no file now.
-- A name that is in no file stays as it was answered. A ring has no end: the first of its names stays.
-- state: in_force; waiting (the name that goes is in no file now); same (both are one person without the answer).
-- rows of: staging.same_people
-- grain: one row per answer kept
with recursive

steps as (

    select
        merged,
        stays,
        fold_person(bare_person(merged)) as from_key,
        fold_person(bare_person(stays)) as into_key
    from staging.same_people

),

reached as (

    select
        from_key,
        into_key
    from steps
    where from_key <> into_key
    union
    select
        reached.from_key,
        steps.into_key
    from reached
    inner join steps on reached.into_key = steps.from_key
    where steps.from_key <> steps.into_key

),

rings as (

    select distinct from_key as person_key
    from reached
    where from_key = into_key

),

goers as (

    select distinct from_key
    from reached

),

ends as (

    select
        reached.from_key,
        min(reached.into_key) as end_key
    from reached
    left join rings on reached.into_key = rings.person_key
    left join goers on reached.into_key = goers.from_key
    where rings.person_key is not null or goers.from_key is null
    group by reached.from_key

),

answered as (

    select
        into_key as person_key,
        min(bare_person(stays)) as person
    from steps
    group by into_key

),

final as (

    select
        steps.merged,
        steps.stays,
        steps.from_key as own_key,
        coalesce(ends.end_key, steps.from_key) as person_key,
        coalesce(names.person, answered.person) as person,
        case
            when own_names.person_key is null then 'waiting'
            when coalesce(ends.end_key, steps.from_key) = steps.from_key then 'same'
            else 'in_force'
        end as state
    from steps
    left join ends on steps.from_key = ends.from_key
    left join core.person_names as own_names on steps.from_key = own_names.person_key
    left join core.person_names as names on coalesce(ends.end_key, steps.from_key) = names.person_key
    left join answered on ends.end_key = answered.person_key

)

select * from final
order by merged asc

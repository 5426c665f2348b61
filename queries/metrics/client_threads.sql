-- The people at each client that we know and those that we touch: the teeth of the comb. METHOD 6.
-- Known: in the contacts sheets, not left by the date. Touched: named by a personal touch in max(cycle, 90 days), (D − x, D];
-- a name that no contacts sheet knows is a person too. Coverage: levels with a touch by one of ours of the same level, of
-- the levels known; null where no staff sheet says ours. A client without known people is not measurable and not here.
-- Single thread: exactly one person touched.
-- grain: one row per client with known people
-- params: as_of date
with

spans as (

    select
        client_key,
        greatest(cycle_days, norm('comb_days')) as span_days
    from metrics.client_cycles

),

people as (

    select
        client_key,
        contact_name,
        level
    from ref.people_levels
    where coalesce(left_on > $as_of, true)

),

touched as (

    select
        touch_people.client_key,
        touch_people.contact_name,
        people.level,
        bool_or(coalesce(people.level = staff_levels.level, false)) as is_level_met
    from core.touch_people
    inner join ref.touch_kinds using (touch_key)
    inner join spans on touch_people.client_key = spans.client_key
    left join people
        on
            touch_people.client_key = people.client_key
            and touch_people.contact_name = people.contact_name
    left join ref.staff_levels on touch_kinds.manager = staff_levels.manager
    where
        touch_kinds.is_personal
        and touch_kinds.kind not in ('internal', 'attempt')
        and touch_kinds.held_on <= $as_of
        and $as_of - touch_kinds.held_on < spans.span_days
    group by
        touch_people.client_key,
        touch_people.contact_name,
        people.level

),

touched_counts as (

    select
        client_key,
        count(*) as touched_count,
        min(contact_name) as touched_name,
        count(distinct level) filter (where is_level_met) as covered_level_count
    from touched
    group by client_key

),

our_levels as (

    select count(level) as known_count
    from ref.staff_levels

),

known as (

    select
        client_key,
        count(*) as person_count,
        count(distinct level) as level_count
    from people
    group by client_key

),

final as (

    select
        known.client_key,
        spans.span_days,
        known.person_count,
        known.level_count,
        coalesce(touched_counts.touched_count, 0) as touched_count,
        touched_counts.touched_name,
        case
            when our_levels.known_count > 0 and known.level_count > 0
                then coalesce(touched_counts.covered_level_count, 0)
        end as covered_level_count,
        coalesce(touched_counts.touched_count = 1, false) as is_single_thread
    from known
    inner join spans using (client_key)
    left join touched_counts using (client_key)
    cross join our_levels

)

select * from final

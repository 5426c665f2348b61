-- The agenda of the weekly review: what calls for a decision, section by section. METHOD 8.
-- section_index: the order of the review; 1, last week's decisions, is not in the data. Money: the client's revenue of the
-- year, in drowsing and expected_orders its median order × the cycles missed (at least one); null: no such client is known.
-- reason_code names the sentence (agenda.reasons), facts its figures; evidence: the mart and parameters with the rows behind.
-- item_id: the same line from week to week. line_number: 1 is the most money of its section.
-- A promise whose client is not known is here while no filter is set.
-- grain: one row per section and client, in silent_moves and overdue per promise
-- params: as_of date, manager varchar, segment varchar, region varchar, class varchar
with

lines as (

    select
        'silent_moves' as section,
        2 as section_index,
        *
    from metrics.agenda_silent_moves

    union all

    select
        'overdue' as section,
        3 as section_index,
        *
    from metrics.agenda_overdue

    union all

    select
        'forgotten' as section,
        4 as section_index,
        *
    from metrics.agenda_forgotten

    union all

    select
        'drowsing' as section,
        5 as section_index,
        *
    from metrics.agenda_drowsing

    union all

    select
        'expected_orders' as section,
        6 as section_index,
        *
    from metrics.agenda_expected_orders

    union all

    select
        'touches_owed' as section,
        7 as section_index,
        *
    from metrics.agenda_touches_owed

    union all

    select
        'annual_meetings' as section,
        8 as section_index,
        *
    from metrics.agenda_annual_meetings

    union all

    select
        'hollow_contracts' as section,
        9 as section_index,
        *
    from metrics.agenda_hollow_contracts

    union all

    select
        'single_threads' as section,
        10 as section_index,
        *
    from metrics.agenda_single_threads

    union all

    select
        'good_news' as section,
        11 as section_index,
        *
    from metrics.agenda_good_news

),

final as (

    select
        lines.section,
        lines.client_id,
        coalesce(lines.owner, selected_clients.manager) as owner,
        lines.money,
        lines.reason_code,
        cast(lines.facts as varchar) as facts,
        cast(lines.evidence as varchar) as evidence,
        coalesce(selected_clients.client_name, lines.client_id) as client_name,
        selected_clients.manager,
        selected_clients.class,
        coalesce(key_clients.is_key, false) as is_key,
        lines.section || ':' || coalesce(lines.item, lines.client_id) as item_id,
        lines.section_index,
        cast(row_number() over (
            partition by lines.section
            order by lines.money desc nulls last, lines.client_id asc, lines.item asc
        ) as integer) as line_number
    from lines
    left join metrics.selected_clients using (client_key)
    left join metrics.key_clients using (client_key)
    where
        selected_clients.client_key is not null
        or ($manager is null and $segment is null and $region is null and $class is null)

)

select * from final
order by section_index asc, line_number asc

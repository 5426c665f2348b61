-- Our people: whom each spelling of a name means. Trivial spellings are one person by themselves, others where the user said so.
-- is_dismissed: the newest export of some source that names the person marks them as gone; a source that never marks
-- anybody does not speak against it.
-- rows of: core.person_forms
-- grain: one row per spelling of a name
with

answers as (

    select
        own_key,
        min(person_key) as person_key,
        min(person) as person
    from core.person_merges
    where state = 'in_force'
    group by own_key

),

meant as (

    select
        person_forms.form,
        coalesce(answers.person, person_names.person) as person,
        person_forms.is_marked,
        person_forms.row_count,
        person_forms.first_place
    from core.person_forms
    inner join core.person_names using (person_key)
    left join answers on person_forms.person_key = answers.own_key

),

newest as (

    select
        meant.person,
        meant.is_marked
    from core.named_people
    inner join meant using (form)
    inner join core.sources using (sheet_id)
    qualify sources.captured_on = max(sources.captured_on) over (partition by meant.person, sources.source)

),

dismissed as (

    select
        person,
        bool_or(is_marked) as is_dismissed
    from newest
    group by person

),

final as (

    select
        meant.form,
        meant.person,
        dismissed.is_dismissed,
        meant.row_count,
        meant.first_place[1] as sheet_id,
        meant.first_place[2] as row_number
    from meant
    inner join dismissed using (person)

)

select * from final
order by person asc, form asc

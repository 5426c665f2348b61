-- The name that stands for each folded name: in one alphabet, then the most frequent spelling without a mark, not all in capitals,
-- then the fullest.
-- transient: core.people carries it
-- grain: one row per folded name
with

spellings as (

    select
        person_key,
        bare,
        sum(row_count) as row_count
    from core.person_forms
    group by person_key, bare

),

final as (

    select
        person_key,
        arg_max(
            bare,
            (
                not regexp_matches(bare, '[A-Za-z].*[А-Яа-яЁё]|[А-Яа-яЁё].*[A-Za-z]'),
                row_count,
                bare <> upper(bare),
                length(bare),
                bare
            )
        ) as person
    from spellings
    group by person_key

)

select * from final

-- Every spelling of a name of our people, folded once: in many rows few spellings stand.
-- bare: without the mark that they left (is_marked). person_key: the folded name.
-- transient: core.people carries it
-- grain: one row per spelling
with

forms as (

    select
        form,
        bare_person(form) as bare,
        cast(sum(row_count) as bigint) as row_count,
        min((sheet_id, row_number)) as first_place
    from core.named_people
    group by form

),

final as (

    select
        form,
        bare,
        fold_person(bare) as person_key,
        bare <> form as is_marked,
        row_count,
        first_place
    from forms

)

select * from final

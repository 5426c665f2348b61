-- The annual meetings among the activities: a meeting that was held and whose subject or event says so, by the table of
-- annual words. METHOD 6, rule 13.
-- grain: one row per annual meeting
with

words as (

    select word_list(words) as words
    from ref.annual_words
    where words is not null

),

subjects as (

    select distinct
        subject,
        event_name
    from core.touches
    where is_personal

),

annual as (

    select distinct
        subjects.subject,
        subjects.event_name
    from subjects
    inner join words on has_word(touch_words(subjects.subject, subjects.event_name, null), words.words)

),

final as (

    select
        touches.touch_key,
        touches.client_key,
        touches.held_on
    from core.touches
    inner join ref.touch_kinds using (touch_key)
    inner join core.touch_wordings using (wording_key)
    inner join annual
        on
            touches.subject is not distinct from annual.subject
            and touches.event_name is not distinct from annual.event_name
    where
        touches.is_personal
        and touch_kinds.kind not in ('internal', 'attempt')
        and regexp_matches(
            touch_wordings.channel_words || touch_wordings.type_words,
            ' (встреч|визит|выезд|видео|переговор|презентац|meeting|visit|video|zoom|event)'
        )

)

select * from final
order by client_key asc, held_on asc

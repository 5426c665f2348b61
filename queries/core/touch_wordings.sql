-- The wordings of activities, each once: channel, type, status and words, folded as the rules of METHOD 2.1 are matched.
-- Rules are asked of wordings, not of activities, and a wording is a whole number there.
-- grain: one row per distinct channel, type, status and words of the kept activities
with

wordings as (

    select distinct
        channel_words,
        type_words,
        status_words,
        subject_words
    from core.touch_rows
    where reason is null

)

select
    cast(row_number() over (
        order by subject_words, type_words, channel_words, status_words
    ) as integer) as wording_key,
    channel_words,
    type_words,
    status_words,
    subject_words
from wordings
order by wording_key asc

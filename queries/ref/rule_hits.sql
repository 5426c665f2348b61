-- Which rule each wording of an activity meets first: kinds in the order of METHOD 2.1, then the order of the table.
-- Wordings, not activities: the same words are looked at once.
-- grain: one row per distinct channel, type, status and words
with

rules as (

    select
        kind,
        reason,
        kind_rank(kind) * 100000 + coalesce(try_cast(position as integer), 99999) as rule_rank,
        position,
        word_list(channel) as channels,
        word_list(type) as types,
        word_list(status) as statuses,
        word_list(words) as words
    from ref.touch_rules
    where kind_rank(kind) is not null and coalesce(channel, type, status, words) is not null

),

wordings as (

    select distinct
        touch_words(channel, null, null) as channel_words,
        touch_words(type, null, null) as type_words,
        touch_words(status, null, null) as status_words,
        touch_words(subject, text, result) as subject_words
    from core.touches

),

final as (

    select
        wordings.channel_words,
        wordings.type_words,
        wordings.status_words,
        wordings.subject_words,
        arg_min(rules.kind, rules.rule_rank) as kind,
        arg_min_null(rules.reason, rules.rule_rank) as reason,
        arg_min(rules.position, rules.rule_rank) as rule_position
    from wordings
    inner join rules
        on
            has_word(wordings.channel_words, rules.channels)
            and has_word(wordings.type_words, rules.types)
            and has_word(wordings.status_words, rules.statuses)
            and has_word(wordings.subject_words, rules.words)
    group by
        wordings.channel_words,
        wordings.type_words,
        wordings.status_words,
        wordings.subject_words

)

select * from final

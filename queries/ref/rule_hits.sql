-- Which rule each wording of an activity meets first: kinds in the order of METHOD 2.1, then the order of the table.
-- An alternative begins a word of the text. So that not every alternative is held against every text, each word of the texts
-- finds the alternatives that begin with it: those of one word have then hit, the others are looked for in the text.
-- grain: one row per wording that a rule knows
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

labels as (

    select distinct
        channel_words,
        type_words,
        status_words,
        -- A bare no in any form is the "нет" of the rules: they look at beginnings, and many words begin with these letters.
        case when status_words in (' 0', ' n', ' no', ' f', ' open') then ' нет' else status_words end as status_sought
    from core.touch_wordings

),

fitting as (

    select
        labels.channel_words,
        labels.type_words,
        labels.status_words,
        rules.rule_rank,
        rules.words is null as is_wordless
    from labels
    inner join rules
        on
            has_word(labels.channel_words, rules.channels)
            and has_word(labels.type_words, rules.types)
            and has_word(labels.status_sought, rules.statuses)

),

alternatives as (

    select
        rules.rule_rank,
        unnest(rules.words) as alternative
    from rules

),

beginnings as (

    select
        rule_rank,
        ' ' || alternative as alternative,
        string_split(alternative, ' ')[1] as first_word,
        not contains(alternative, ' ') as is_one_word
    from alternatives

),

texts as (

    select distinct subject_words
    from core.touch_wordings

),

text_words as (

    select
        subject_words,
        unnest(list_distinct(string_split(trim(subject_words), ' '))) as word
    from texts

),

words as (

    select distinct word
    from text_words

),

prefixes as (

    select
        word,
        unnest(list_transform(range(1, len(word) + 1), lambda size: left(word, size))) as prefix
    from words

),

leads as (

    select distinct
        prefixes.word,
        beginnings.rule_rank,
        case when not beginnings.is_one_word then beginnings.alternative end as sought
    from prefixes
    inner join beginnings on prefixes.prefix = beginnings.first_word
    where beginnings.is_one_word or prefixes.word = beginnings.first_word

),

text_hits as (

    select distinct
        text_words.subject_words,
        leads.rule_rank
    from text_words
    inner join leads using (word)
    where leads.sought is null or contains(text_words.subject_words, leads.sought)

),

hits as (

    select
        wordings.wording_key,
        fitting.rule_rank
    from core.touch_wordings as wordings
    inner join text_hits using (subject_words)
    inner join fitting using (channel_words, type_words, status_words, rule_rank)
    where not fitting.is_wordless
    union all
    select
        wordings.wording_key,
        fitting.rule_rank
    from core.touch_wordings as wordings
    inner join fitting using (channel_words, type_words, status_words)
    where fitting.is_wordless

),

first_hits as (

    select
        wording_key,
        min(rule_rank) as rule_rank
    from hits
    group by wording_key

),

final as (

    select
        first_hits.wording_key,
        rules.kind,
        rules.reason,
        rules.position as rule_position
    from first_hits
    inner join rules using (rule_rank)

)

select * from final

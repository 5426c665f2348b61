-- Names of our people that may be one person: the same words in another order or case, a surname alone, initials for names.
-- Distorts lists by manager: one person's clients and touches stand under two names. Proposed, never joined.
-- Two names are compared when they share a word of three letters or more; what is left of each must begin the other's words.
-- The rarer name stands first, with the first row that has it.
-- grain: one row per pair of names
-- params:
with

written as (

    select
        manager as name,
        sheet_id,
        row_number
    from core.clients
    where sheet_id is not null
    union all
    select
        manager as name,
        sheet_id,
        row_number
    from core.order_lines
    union all
    select
        manager as name,
        sheet_id,
        row_number
    from core.touches
    union all
    select
        owner as name,
        sheet_id,
        row_number
    from core.promises
    union all
    select
        staff_name as name,
        sheet_id,
        row_number
    from core.staff

),

names as (

    select
        name,
        count(*) as row_count,
        min((sheet_id, row_number)) as place,
        list_distinct(string_split(fold_text(name), ' ')) as words
    from written
    where name is not null
    group by name

),

told as (

    select
        name,
        unnest(words) as word
    from names

),

pairs as (

    select distinct
        first_told.name,
        second_told.name as other_name
    from told as first_told
    inner join told as second_told on first_told.word = second_told.word and first_told.name <> second_told.name
    where length(first_told.word) >= 3

),

compared as (

    select
        names.name,
        names.row_count,
        names.place,
        names.words,
        other_names.name as other_name,
        other_names.row_count as other_row_count,
        other_names.words as other_words
    from pairs
    inner join names on pairs.name = names.name
    inner join names as other_names on pairs.other_name = other_names.name
    where (names.row_count, names.name) < (other_names.row_count, other_names.name)

),

unshared as (

    select
        *,
        list_filter(words, lambda word: not list_contains(other_words, word)) as left_words,
        list_filter(other_words, lambda word: not list_contains(words, word)) as other_left_words
    from compared

),

alike as (

    select *
    from unshared
    where
        len(left_words) = 0
        or len(other_left_words) = 0
        or len(list_filter(
            left_words,
            lambda word: len(list_filter(other_left_words, lambda other: starts_with(other, word) or starts_with(word, other))) = 0
        )) = 0

),

final as (

    select
        alike.name as manager,
        alike.row_count,
        alike.other_name as like_manager,
        alike.other_row_count as like_row_count,
        sources.file,
        sources.sheet,
        alike.place[2] as row_number,
        alike.place[1] as sheet_id
    from alike
    inner join core.sources on alike.place[1] = sources.sheet_id

)

select * from final
order by row_count desc, manager asc, like_manager asc

-- Names of our people that may be one person's, for the user to say whether they are. Proposed, never joined.
-- Two names are near when they share a whole word (in Latin letters: an address ivanov@ shares one with Иванов), or one a letter
-- apart, and their other words go together in their order: the same, initials for names, a letter apart; or one has no more words.
-- What contradicts makes two people: Иванов И. and Иванов П., Иванов and Иванова. Words that over 200 people share tell nothing.
-- person is the one to stay: no address, with the most words in full, the most frequent.
-- difference: mail (an address), alphabet (Cyrillic and Latin), word_order, initials, fewer_words, spelling.
-- pair names the two whatever their order.
-- grain: one row per pair of people
-- params:
with

people as (

    select
        person,
        sum(row_count) as row_count,
        min((sheet_id, row_number)) as first_place
    from core.people
    group by person

),

named as (

    select
        person,
        row_count,
        first_place,
        person_words(person) as words,
        contains(person, '@') as is_mail,
        regexp_matches(person, '[А-Яа-яЁё]') as is_cyrillic
    from people

),

placed as (

    select
        *,
        row_number() over (
            order by is_mail asc, len(list_filter(words, lambda word: length(word) > 1)) desc, row_count desc, person asc
        ) as place
    from named
    where len(words) > 0

),

words_at as (

    select
        person,
        place,
        words,
        unnest(words) as word,
        generate_subscripts(words, 1) as word_place
    from placed

),

turned as (

    select
        person,
        place,
        word,
        list_slice(words, 1, word_place - 1) || list_slice(words, word_place + 1, len(words)) as other_words
    from words_at
    where length(word) >= 2

),

-- One letter more, less or other leaves one half of a word as it is.
marks as (

    select
        person,
        unnest(list_distinct(
            [word] || case
                when length(word) < 5 then []
                else [
                    '^' || left(word, length(word) // 2),
                    '^' || left(word, (length(word) - 1) // 2),
                    right(word, length(word) // 2) || '$',
                    right(word, (length(word) - 1) // 2) || '$'
                ]
            end
        )) as mark,
        place,
        word,
        other_words
    from turned

),

telling_marks as (

    select mark
    from marks
    group by mark
    having count(distinct person) between 2 and 200

),

told as (

    select marks.*
    from marks
    inner join telling_marks using (mark)

),

alike as (

    select distinct
        staying.person,
        going.person as other_person
    from told as staying
    inner join told as going on staying.mark = going.mark and staying.place < going.place
    where
        same_words(staying.other_words, going.other_words)
        and (
            staying.word = going.word
            or (near_word(staying.word, going.word) and len(staying.other_words) > 0 and len(going.other_words) > 0)
        )

),

final as (

    select
        staying.person,
        staying.row_count,
        going.person as other_person,
        going.row_count as other_row_count,
        going.first_place[1] as other_sheet_id,
        going.first_place[2] as other_row_number,
        case
            when staying.is_mail or going.is_mail then 'mail'
            when staying.is_cyrillic <> going.is_cyrillic then 'alphabet'
            when staying.words <> going.words and list_sort(staying.words) = list_sort(going.words) then 'word_order'
            when has_initial(staying.words) <> has_initial(going.words) then 'initials'
            when len(staying.words) <> len(going.words) then 'fewer_words'
            else 'spelling'
        end as difference,
        array_to_string(list_sort([fold_person(staying.person), fold_person(going.person)]), ' | ') as pair
    from alike
    inner join placed as staying on alike.person = staying.person
    inner join placed as going on alike.other_person = going.person

)

select * from final
order by row_count + other_row_count desc, person asc, other_person asc

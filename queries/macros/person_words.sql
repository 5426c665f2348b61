-- The words of a person's name in Latin letters, in their order, for finding names that may be one person's: the ways to write
-- a Russian name in Latin letters as one (y, j and й as i, kh as h, ts as c), of an address of mail what stands before the @.
create or replace macro person_words(value) as
list_filter(
    string_split(latin_letters(regexp_replace(fold_person(string_split(value, '@')[1]), '[^a-zа-я]+', ' ', 'g')), ' '),
    lambda word: word <> ''
)

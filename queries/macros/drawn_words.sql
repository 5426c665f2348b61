-- The words of a client's name, sorted, for finding names that look nearly like it: no legal form wherever one stands, letters
-- and digits that are drawn alike as one (Latin, Cyrillic, 0 and 3 within words), common openings shortened. Letters of
-- Cyrillic alone become capitals: levenshtein counts bytes, and so each letter is one.
create or replace macro drawn_words(value) as
list_sort(list_transform(
    list_filter(
        string_split(short_openings(fold_name(value)), ' '),
        lambda word: not regexp_full_match(word, legal_forms())
    ),
    lambda word: case
        when regexp_matches(word, '[a-zа-я]')
            then translate(word, 'авсенкмортхуі03бгджзийлпфцчшщъыьэюя', 'abcehkmoptxyioZBGDJZIYLPFCQWXVUTENA')
        else word
    end
))

-- Small letters with each word in one alphabet: "ooо" of two Latin letters and a Cyrillic one is Cyrillic, "аlfa" is Latin.
-- A word keeps both alphabets where neither can be meant: "iтв" has letters that only one of them has, on both sides.
-- The lambda binds the text once, however much work it was to get.
create or replace macro one_alphabet(value) as
list_transform([value], lambda text: case
    when not regexp_matches(text, '[a-z][а-я]|[а-я][a-z]') then text
    else array_to_string(list_transform(string_split(text, ' '), lambda word: case
        when not regexp_matches(word, '[a-z]') or not regexp_matches(word, '[а-я]') then word
        when not regexp_matches(word, '[dfgijlnqrsuvwz]') then translate(word, 'abcehkmoptxy', 'авсенкмортху')
        when not regexp_matches(word, '[бгджзийлпфцчшщъыьэюя]') then translate(word, 'авсенкмортху', 'abcehkmoptxy')
        else word
    end), ' ')
end)[1]

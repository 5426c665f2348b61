-- A folded name of a person in one alphabet: a Latin "a" of the initials behind a Cyrillic surname is Cyrillic. Where both
-- alphabets are meant, each word has its own.
create or replace macro name_alphabet(value) as
case
    when not regexp_matches(value, '[a-z]') or not regexp_matches(value, '[а-я]') then value
    when not regexp_matches(value, '[dfgijlnqrsuvwz]') then translate(value, 'abcehkmoptxy', 'авсенкмортху')
    when not regexp_matches(value, '[бгджзийлпфцчшщъыьэюя]') then translate(value, 'авсенкмортху', 'abcehkmoptxy')
    else one_alphabet(value)
end

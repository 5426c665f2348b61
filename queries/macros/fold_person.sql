-- A name of one of our people, without a mark, as it is matched: case, ё, dots and spaces aside, letters drawn alike in the
-- alphabet of the others. Initials stay initials and words stay in their order: what could be two people is not folded.
-- Two Cyrillic capitals behind a surname are initials without their dots. An address of mail is its own name.
-- The lambda binds the folded name once.
create or replace macro fold_person(value) as
case
    when contains(value, '@') then lower(value)
    else coalesce(
        list_transform(
            [fold_text(regexp_replace(value, '^([А-ЯЁ][а-яё-]+) ([А-ЯЁ])([А-ЯЁ])$', '\1 \2 \3'))],
            lambda name: nullif(name_alphabet(name), '')
        )[1],
        lower(value)
    )
end

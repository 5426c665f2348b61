-- A name of one of our people, without a mark, as it is matched: case, ё, dots and spaces aside, letters drawn alike in the
-- alphabet of the others. Initials stay initials and words stay in their order: what could be two people is not folded.
-- Two Cyrillic capitals behind a surname are initials without their dots. An address of mail is its own name.
create or replace macro fold_person(value) as
case
    when contains(value, '@') then lower(value)
    else coalesce(
        nullif(name_alphabet(fold_text(regexp_replace(value, '^([А-ЯЁ][а-яё-]+) ([А-ЯЁ])([А-ЯЁ])$', '\1 \2 \3'))), ''),
        lower(value)
    )
end

-- A person's name of its parts, as people write it: Сидоров Иван Петрович, but John Smith. A name that holds the first one
-- already is whole.
create or replace macro whole_name(surname, first_name, middle_name) as
case
    when contains(' ' || fold_text(surname) || ' ', ' ' || fold_text(first_name) || ' ') then surname
    when regexp_matches(coalesce(surname, first_name), '[А-Яа-яЁё]') then concat_ws(' ', surname, first_name, middle_name)
    else nullif(concat_ws(' ', first_name, middle_name, surname), '')
end

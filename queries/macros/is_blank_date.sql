-- What systems write where there is no date: nothing, a dash, "не закрыта", the year one.
create or replace macro is_blank_date(value) as
value is null
or fold_text(value) in ('', 'не закрыта', 'без срока', 'не указан', 'не указана', 'нет', 'none', 'null', 'n a')
or regexp_matches(value, '^(01\.01\.0001|0001-01-01|0000-00-00)')

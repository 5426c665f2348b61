-- What systems write where there is no date: nothing, a dash, "не закрыта", the year one.
create or replace macro is_blank_date(value) as
value is null
or is_blank_word(value)
or fold_text(value) in ('', 'не закрыта', 'не закрыто', 'не закрыт', 'без срока')
or regexp_matches(value, '^(01\.01\.0001|0001-01-01|0000-00-00)')

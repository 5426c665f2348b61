-- Whether a cell that was not understood says something all the same; kind: 'date', 'word', else a number or a flag.
create or replace macro is_unread(value, kind) as
nullif(trim(value), '') is not null
and not case kind
    when 'date' then is_blank_date(value)
    when 'word' then false
    else is_blank_number(value) or is_blank_word(value)
end

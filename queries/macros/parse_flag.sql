-- Yes or no in the words of exports; anything else is null, an empty cell too: nothing was said.
create or replace macro parse_flag(value) as
case
    when
        lower(trim(value)) in (
            'да', 'yes', 'y', 'true', '1', '1.0', '+', 'истина', 'x', 'х', 'v', 'есть', '✓', '✔', '☑', '✅'
        )
        then true
    when lower(trim(value)) in ('нет', 'no', 'n', 'false', '0', '0.0', 'ложь', '-', '–', '−', '—', '☐') then false
end

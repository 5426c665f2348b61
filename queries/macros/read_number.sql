-- A tidy number rewritten with a dot; null where its marks do not fit the convention of the column.
create or replace macro read_number(value, mark) as
case
    when mark = 'comma' and regexp_full_match(value, '[-+]?\d{1,3}(\.\d{3})+(,\d+)?') then replace(replace(value, '.', ''), ',', '.')
    when mark = 'comma' and regexp_full_match(value, '[-+]?\d*,\d+') then replace(value, ',', '.')
    when mark is distinct from 'comma' and regexp_full_match(value, '[-+]?\d{1,3}(,\d{3})+(\.\d+)?') then replace(value, ',', '')
    when regexp_full_match(value, '[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d{1,2})?') then value
end

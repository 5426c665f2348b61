-- A day from text: ISO, dd.mm.yyyy with or without time, Excel serial, "… от 15.07.2026 12:00:00" in a document's name,
-- months in words ("дек. 2025" is the first of the month).
-- style says how 03/04/2026 is read in this column: 'dmy' or 'mdy'. Outside 1900–2099 or unreadable: null.
-- The forms that most exports write go first, told apart by their marks: to be refused by a parser costs a value twenty times what
-- being read by it does. What they cannot read is tried form by form; the lambda binds that once.
create or replace macro parse_date(value, style) as
coalesce(
    sane_date(case
        when value like '____-__-%' then try_cast(left(value, 10) as date)
        when value like '__.__.____ %' and not contains(value, chr(10)) then cast(try_strptime(left(value, 10), '%d.%m.%Y') as date)
        else cast(try_strptime(value, '%d.%m.%Y') as date)
    end),
    case when value is not null then list_transform([odd_date(value, style)], lambda day: sane_date(day))[1] end
)

-- A day from text: ISO, dd.mm.yyyy with or without time, Excel serial, "… от 15.07.2026 12:00:00" in a document's name.
-- style says how 03/04/2026 is read in this column: 'dmy' or 'mdy'. Outside 1900–2099 or unreadable: null.
create or replace macro parse_date(value, style) as
case
    when regexp_matches(value, '^\s*\d{4}-\d{1,2}-\d{1,2}') then sane_date(try_cast(regexp_extract(value, '\d{4}-\d{1,2}-\d{1,2}') as date))
    when regexp_full_match(value, '\s*\d{5}([.,]\d+)?\s*')
        then sane_date(date '1899-12-30' + try_cast(regexp_extract(value, '\d{5}') as integer))
    else sane_date(try_cast(iso_of_parts(
        regexp_extract(value, '(?:^|\sот\s)\s*(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})(?:$|[\sTгy,])', ['a', 'b', 'c']),
        value, style
    ) as date))
end

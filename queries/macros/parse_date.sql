-- A day from text: ISO, dd.mm.yyyy with or without time, Excel serial, "… от 15.07.2026 12:00:00" in a document's name,
-- months in words ("дек. 2025" is the first of the month).
-- style says how 03/04/2026 is read in this column: 'dmy' or 'mdy'. Outside 1900–2099 or unreadable: null.
-- Each form is tried on what the one before could not read; a value is rewritten once as ISO and cast. dd.mm.yyyy goes first:
-- most exports write it, and strptime refuses what it cannot read ten times faster than a cast does.
create or replace macro parse_date(value, style) as
sane_date(coalesce(
    sane_date(cast(try_strptime(value, '%d.%m.%Y') as date)),
    try_cast(regexp_extract(value, '^\s*(\d{4}-\d{1,2}-\d{1,2})', 1) as date),
    try_cast(rewritten(value, '^\s*(\d{1,2})\.(\d{1,2})\.(\d{4})(?:[\sTг,].*)?$', '\3-\2-\1') as date),
    case
        when style = 'mdy'
            then try_cast(rewritten(value, '^\s*(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?:[\sT,].*)?$', '\3-\1-\2') as date)
        else try_cast(rewritten(value, '^\s*(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?:[\sT,].*)?$', '\3-\2-\1') as date)
    end,
    date '1899-12-30' + try_cast(regexp_extract(value, '^\s*(\d{5})(?:[.,]\d+)?\s*$', 1) as integer),
    try_cast(rewritten(value, '^\s*(\d{4})[./](\d{1,2})[./](\d{1,2})(?:[\sTг,].*)?$', '\1-\2-\3') as date),
    try_cast(rewritten(value, '^.*\sот\s(\d{1,2})\.(\d{1,2})\.(\d{4})(?:[\s,].*)?$', '\3-\2-\1') as date),
    short_date(value, style),
    worded_date(value)
))

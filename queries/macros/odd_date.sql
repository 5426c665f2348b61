-- A day in the forms that are not the usual ones (parse_date), before it is asked whether the year can be meant.
-- Each form is tried on what the one before could not read; a value is rewritten once as ISO and cast.
create or replace macro odd_date(value, style) as
coalesce(
    try_cast(regexp_extract(value, '^\s*(\d{4}-\d{1,2}-\d{1,2})', 1) as date),
    try_cast(rewritten(value, '^\s*(\d{1,2})\.(\d{1,2})\.(\d{4})(?:[\sTг,].*)?$', '\3-\2-\1') as date),
    try_cast(
        rewritten(
            value, '^\s*(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?:[\sT,].*)?$', case when style = 'mdy' then '\3-\1-\2' else '\3-\2-\1' end
        ) as date
    ),
    date '1899-12-30' + try_cast(regexp_extract(value, '^\s*(\d{5})(?:[.,]\d+)?\s*$', 1) as integer),
    try_cast(rewritten(value, '^\s*((?:19|20)\d{2})([01]\d)([0-3]\d)(?:[\sT]?\d{6})?\s*$', '\1-\2-\3') as date),
    try_cast(rewritten(value, '^\s*(\d{4})[./](\d{1,2})[./](\d{1,2})(?:[\sTг,].*)?$', '\1-\2-\3') as date),
    try_cast(rewritten(value, '^.*\sот\s(\d{1,2})\.(\d{1,2})\.(\d{4})(?:[\s,].*)?$', '\3-\2-\1') as date),
    short_date(value, style),
    worded_date(value)
)

-- Minutes from a number of them under the mark of the column, or from a length as people and systems write it: 0:05:30, 1:15 (hours
-- and minutes), "1 ч 20 мин", "90 сек", "330000 ms", a length cell of a spreadsheet (days and time since its calendar began).
create or replace macro parse_minutes(value, mark) as
case
    when contains(value, ':')
        then
            coalesce(
                date_diff(
                    'second',
                    timestamp '1899-12-31',
                    try_cast(regexp_extract(value, '^\s*((?:1899|1900)-\d\d-\d\d[ T][\d:]+)', 1) as timestamp)
                ) / 60,
                list_transform(
                    [regexp_extract(value, '^\s*(\d+):([0-5]\d)(?::([0-5]\d)(?:[.,]\d+)?)?\s*$', ['hours', 'minutes', 'seconds'])],
                    lambda part: try_cast(part.hours as double) * 60 + try_cast(part.minutes as double)
                    + coalesce(try_cast(part.seconds as double), 0) / 60
                )[1]
            )
    when regexp_extract(value, '[a-zA-Zа-яА-Я]') <> '' then worded_minutes(lower(value), mark)
    else cast(parse_number(value, mark) as double)
end

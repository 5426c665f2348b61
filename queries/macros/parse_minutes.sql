-- Minutes from a number of them under the mark of the column, or from a length written as hours, minutes and seconds: 0:05:30.
create or replace macro parse_minutes(value, mark) as
case
    when regexp_extract(value, '^\s*\d+:\d\d:\d\d\s*$') <> ''
        then
            cast(split_part(trim(value), ':', 1) as double) * 60
            + cast(split_part(trim(value), ':', 2) as double)
            + cast(split_part(trim(value), ':', 3) as double) / 60
    else cast(parse_number(value, mark) as double)
end

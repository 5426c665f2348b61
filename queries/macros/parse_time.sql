-- The moment of a touch: its day by parse_date and the time of day where the text has one (24 hours, or AM and PM).
create or replace macro parse_time(value, style) as
cast(parse_date(value, style) as timestamp)
+ coalesce(
    case
        when regexp_full_match(value, '\s*\d{5}[.,]\d+\s*')
            then to_seconds(round(try_cast(replace(regexp_extract(value, '[.,]\d+'), ',', '.') as double) * 86400))
        else to_seconds(
            date_diff(
                'second',
                time '00:00:00',
                try_cast(nullif(regexp_extract(value, '(\d{1,2}:\d{2}(:\d{2})?)', 1), '') as time)
            )
            + case
                when regexp_matches(value, '(?i)\b(1[0-1]|0?\d):\d{2}(:\d{2})?\s*pm\b') then 43200
                when regexp_matches(value, '(?i)\b12:\d{2}(:\d{2})?\s*am\b') then -43200
                else 0
            end
        )
    end,
    to_seconds(0)
)

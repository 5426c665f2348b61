-- Minutes from figures with units in words, in small letters: "1 ч 20 мин", "1.5 hours", "5m 30s", "330 000 мс"; null for other words.
create or replace macro worded_minutes(value, mark) as
list_transform(
    [
        regexp_extract(
            value,
            '^\s*(?:(\d[\d\s.,\x{00a0}\x{202f}]*?)\s*(?:ч|час|часа|часов|h|hrs?|hours?)[.,]?)?'
            || '\s*(?:(\d[\d\s.,\x{00a0}\x{202f}]*?)\s*(?:м|мин|минут[аы]?|m|mins?|minutes?)[.,]?)?'
            || '\s*(?:(\d[\d\s.,\x{00a0}\x{202f}]*?)\s*(?:с|сек|секунд[аы]?|s|secs?|seconds?)[.,]?)?'
            || '\s*(?:(\d[\d\s.,\x{00a0}\x{202f}]*?)\s*(?:мс|миллисекунд[аы]?|ms|msecs?|milliseconds?)[.,]?)?\s*$',
            ['hours', 'minutes', 'seconds', 'milliseconds']
        )
    ],
    lambda part: case
        when part.hours || part.minutes || part.seconds || part.milliseconds <> ''
            then
                case when part.hours = '' then 0 else cast(parse_number(part.hours, mark) as double) * 60 end
                + case when part.minutes = '' then 0 else cast(parse_number(part.minutes, mark) as double) end
                + case when part.seconds = '' then 0 else cast(parse_number(part.seconds, mark) as double) / 60 end
                + case when part.milliseconds = '' then 0 else cast(parse_number(part.milliseconds, mark) as double) / 60000 end
    end
)[1]

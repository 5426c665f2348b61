-- Minutes from figures with units in words, in small letters: "1 ч 20 мин", "1.5 hours", "5m 30s", "330 000 мс"; null for other
-- words, and where one of the figures cannot be read.
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
                list_transform(
                    [list_transform(
                        [
                            { 'figure': part.hours, 'minutes': 60 },
                            { 'figure': part.minutes, 'minutes': 1 },
                            { 'figure': part.seconds, 'minutes': 1 / 60 },
                            { 'figure': part.milliseconds, 'minutes': 1 / 60000 }
                        ],
                        lambda one: case
                            when one.figure = '' then 0 else cast(parse_number(one.figure, mark) as double) * one.minutes
                        end
                    )],
                    lambda lengths: case when list_count(lengths) = 4 then list_sum(lengths) end
                )[1]
    end
)[1]

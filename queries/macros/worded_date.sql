-- A day with its month in words: "15 января 2026 г.", "дек. 2025" and "Январь 2026" (their first day), "5 Mar 2026", "Dec 2025".
create or replace macro worded_date(value) as
list_transform(
    [
        regexp_extract(
            lower(value),
            '^\s*(?:(\d{1,2})[\s-]+)?([а-яa-z]{3})[а-яa-z]*\.?,?[\s-]+(\d{4})(?:\s*г(?:ода|\.)?)?\s*$',
            ['day', 'month', 'year']
        )
    ],
    lambda part: try_cast(
        part.year || '-' || coalesce(
            list_position(
                ['янв', 'фев', 'мар', 'апр', 'май', 'июн', 'июл', 'авг', 'сен', 'окт', 'ноя', 'дек'],
                replace(part.month, 'мая', 'май')
            ),
            list_position(['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'], part.month)
        ) || '-' || coalesce(nullif(part.day, ''), '1') as date
    )
)[1]

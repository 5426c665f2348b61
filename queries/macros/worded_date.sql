-- A day with its month in words: "15 января 2026 г.", "дек. 2025" and "Январь 2026" (their first day), "5 Mar 2026", "Dec 2025",
-- "Jan 15, 2026", with the name of the day in front or a time behind. A year of two digits only behind a dot or a dash, as
-- spreadsheets write it: "15-янв-26", "янв.26".
-- Whole words and their usual short forms only: "Маркетинг 2026" is no March.
create or replace macro worded_date(value) as
list_transform(
    [
        regexp_extract(
            lower(value),
            '^\s*(?:(?:пн|вт|ср|чт|пт|сб|вс|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье'
            || '|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)\.?,?\s+)?(?:(\d{1,2})[\s.-]+)?'
            || '(янв(?:ар[ья])?|фев(?:р|рал[ья])?|мар(?:та?)?|апр(?:ел[ья])?|ма[йя]|июн[ья]?|июл[ья]?|авг(?:уста?)?'
            || '|сен(?:т|тябр[ья])?|окт(?:ябр[ья])?|ноя(?:б|бр[ья])?|дек(?:абр[ья])?'
            || '|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?'
            || '|nov(?:ember)?|dec(?:ember)?)'
            || '(?:\.?\s+(\d{1,2})(?:st|nd|rd|th)?,)?(?:[\s.,-]*(\d{4})|[.-](\d{2}))'
            || '(?:\s*г(?:ода|\.)?)?(?:[\s,]+\d{1,2}:\d{2}.*)?\s*$',
            ['day', 'month', 'day_behind', 'year', 'short_year']
        )
    ],
    lambda part: try_cast(
        coalesce(nullif(part.year, ''), '20' || part.short_year) || '-' || coalesce(
            list_position(
                ['янв', 'фев', 'мар', 'апр', 'май', 'июн', 'июл', 'авг', 'сен', 'окт', 'ноя', 'дек'],
                left(replace(part.month, 'мая', 'май'), 3)
            ),
            list_position(
                ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'], left(part.month, 3)
            )
        ) || '-' || coalesce(nullif(part.day, ''), nullif(part.day_behind, ''), '1') as date
    )
)[1]

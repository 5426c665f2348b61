-- A day whose year has two digits: 70–99 are of the last century.
create or replace macro short_date(value, style) as
case
    when style = 'mdy'
        then
            coalesce(
                try_cast(rewritten(value, '^\s*(\d{1,2})[/-](\d{1,2})[/-]([7-9]\d)(?:[\sT,].*)?$', '19\3-\1-\2') as date),
                try_cast(rewritten(value, '^\s*(\d{1,2})[/-](\d{1,2})[/-](\d{2})(?:[\sT,].*)?$', '20\3-\1-\2') as date)
            )
    else coalesce(
        try_cast(rewritten(value, '^\s*(\d{1,2})[./-](\d{1,2})[./-]([7-9]\d)(?:[\sTг,].*)?$', '19\3-\2-\1') as date),
        try_cast(rewritten(value, '^\s*(\d{1,2})[./-](\d{1,2})[./-](\d{2})(?:[\sTг,].*)?$', '20\3-\2-\1') as date)
    )
end

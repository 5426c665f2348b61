-- Rates of currencies, and the reason why a row is left out (null: it counts).
-- transient: kept rows go to core.rates, the others to core.rejects
-- grain: one row per row of a rates sheet
select
    sheet_id,
    row_number,
    currency,
    starts_on,
    rate,
    case
        when currency is null then 'currency_missing'
        when starts_on is null and not is_blank_date(date_text) then 'date_unreadable'
        when rate is null or not isfinite(rate) or rate <= 0 then 'rate_unreadable'
    end as reason,
    case
        when currency is null then currency_text
        when starts_on is null and not is_blank_date(date_text) then date_text
        when rate is null or not isfinite(rate) or rate <= 0 then rate_text
    end as reason_value
from staging.rates

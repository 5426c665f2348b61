-- Rates of currencies as the sheets give them, typed: units of the workspace's currency for one of the other.
-- A rate has more digits than money: it is read as a double.
-- grain: one row per row of a rates sheet
with

typed as (

    select
        sheet_id,
        row_number,
        parse_currency(currency) as currency,
        parse_date(date, style.date) as starts_on,
        try_cast(read_number(tidy_number(rate), style.rate) as double) as rate_of_nominal,
        try_cast(read_number(tidy_number(nominal), style.nominal) as double) as given_nominal,
        currency as currency_text,
        date as date_text,
        rate as rate_text,
        nominal as nominal_text
    from raw.rates

),

final as (

    select
        sheet_id,
        row_number,
        currency,
        starts_on,
        rate_of_nominal / case when nominal_text is null then 1 else given_nominal end as rate,
        currency_text,
        date_text,
        concat_ws(' / ', rate_text, nominal_text) as rate_text
    from typed

)

select * from final

-- The one currency of the workspace: the setting, else the one that most order lines name; unknown where none does, and where
-- a foreign one is named by fewer lines than name none: those are not of it.
-- assumed: what amounts that name no currency are in; then roubles, unknown where no order line names any.
-- grain: one row
with

setting as (

    select max(value) as currency
    from staging.settings
    where key = 'currency' and value <> ''

),

texts as (

    select
        currency_text,
        count(*) as line_count,
        min((sheet_id, row_number)) as first_place
    from staging.order_texts
    where currency_text is not null
    group by currency_text

),

currencies as (

    select
        parse_currency(currency_text) as currency,
        sum(line_count) as line_count,
        min(first_place) as first_place
    from texts
    group by parse_currency(currency_text)

),

-- Of two named equally often the one that is named first.
named as (

    select
        currency,
        line_count
    from currencies
    where currency is not null
    order by
        line_count desc,
        first_place asc
    limit 1

),

nameless as (

    select count(*) as line_count
    from staging.order_texts
    where currency_text is null

),

final as (

    select
        coalesce(
            setting.currency,
            case when named.currency = 'RUB' or named.line_count >= nameless.line_count then named.currency end
        ) as currency,
        coalesce(
            setting.currency,
            case when named.line_count >= nameless.line_count then named.currency end,
            case when named.currency is not null then 'RUB' end
        ) as assumed
    from setting
    cross join nameless
    left join named on true

)

select * from final

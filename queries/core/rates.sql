-- What one unit of another currency is worth in the workspace's, from which day on; of several loads the newest counts.
-- A rate without a date holds from the first day there is, until one with a date.
-- rows of: core.rate_rows
-- grain: one row per currency and day from which a rate holds
with

dated as (

    select
        rate_rows.currency,
        rate_rows.rate,
        coalesce(rate_rows.starts_on, date '0001-01-01') as holds_from,
        (sources.captured_on, rate_rows.sheet_id, rate_rows.row_number) as recency
    from core.rate_rows
    inner join core.sources using (sheet_id)
    where rate_rows.reason is null

),

final as (

    select
        currency,
        holds_from,
        arg_max(rate, recency) as rate
    from dated
    group by
        currency,
        holds_from

)

select * from final

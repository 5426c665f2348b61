-- The rate of each day and currency of the order lines in another currency than the workspace's; null where none holds yet.
-- Few days and currencies stand in many lines: each is looked up once.
-- transient: only core.order_rows needs it
-- rows of: core.rates
-- grain: one row per currency that has rates and day of an order line in it
with

foreign_days as (

    select distinct
        orders.currency,
        orders.ordered_on
    from staging.orders
    cross join core.workspace_currency
    where orders.currency <> workspace_currency.assumed

),

final as (

    select
        foreign_days.currency,
        foreign_days.ordered_on,
        arg_max(rates.rate, rates.holds_from) filter (where rates.holds_from <= foreign_days.ordered_on) as rate,
        true as is_rated
    from foreign_days
    inner join core.rates using (currency)
    group by
        foreign_days.currency,
        foreign_days.ordered_on

)

select * from final

-- The one currency of the workspace: the setting, else the one that most order lines name; unknown where none does.
-- grain: one row
with

setting as (

    select max(value) as currency
    from staging.settings
    where key = 'currency' and value <> ''

),

named as (

    select mode(currency) as currency
    from staging.orders

),

final as (

    select coalesce(setting.currency, named.currency) as currency
    from setting
    cross join named

)

select * from final

-- The class of each client at two dates, with its revenue at each. A client not known at the earlier date has none then.
-- METHOD 3.
-- grain: one row per client known at the later date
-- params: as_of date, before_on date
with

dates as (

    select $before_on as as_of

),

before as (

    select
        client_classes.client_key,
        client_classes.class,
        client_classes.revenue
    from dates
    cross join metrics.client_classes__each as client_classes

),

final as (

    select
        client_classes.client_key,
        before.class as class_before,
        client_classes.class,
        before.revenue as revenue_before,
        client_classes.revenue
    from metrics.client_classes
    left join before using (client_key)

)

select * from final

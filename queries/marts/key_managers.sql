-- Key clients by manager against the limit of how many one can lead (3), and how many of them are forgotten. METHOD 6.
-- manager '' is nobody.
-- grain: one row per manager with a key client
-- params: as_of date, manager varchar, segment varchar, region varchar, class varchar
with

keys as (

    select
        coalesce(selected_clients.manager, '') as manager_name,
        selected_clients.revenue,
        coalesce(last_events.last_event_on <= $as_of - cast(norm('report_days') as integer), true) as is_forgotten
    from metrics.key_clients
    inner join metrics.selected_clients using (client_key)
    left join metrics.last_events using (client_key)
    where key_clients.is_key

),

final as (

    select
        manager_name,
        count(*) as key_client_count,
        cast(norm('key_manager_limit') as integer) as key_limit,
        greatest(count(*) - cast(norm('key_manager_limit') as integer), 0) as over_count,
        count(*) filter (where is_forgotten) as forgotten_count,
        sum(revenue) as revenue
    from keys
    group by manager_name

)

select * from final
order by key_client_count desc, manager_name collate ru asc

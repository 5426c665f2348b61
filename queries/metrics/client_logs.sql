-- Since when and until when the manager of each client logs touches, with whomever; null: nothing logged. METHOD 0.5.
-- For a client without a manager: whether anybody does.
-- grain: one row per known client
-- params: as_of date
with

logged as (

    select
        manager,
        min(held_on) as first_logged_on,
        max(held_on) as last_logged_on
    from ref.touch_kinds
    where held_on <= $as_of
    group by manager

),

anybody as (

    select
        min(first_logged_on) as first_logged_on,
        max(last_logged_on) as last_logged_on
    from logged

),

final as (

    select
        known_clients.client_key,
        case when clients.manager is null then anybody.first_logged_on else logged.first_logged_on end as first_logged_on,
        case when clients.manager is null then anybody.last_logged_on else logged.last_logged_on end as last_logged_on
    from metrics.known_clients
    inner join core.clients using (client_key)
    left join logged on fold_text(clients.manager) = logged.manager
    cross join anybody

)

select * from final

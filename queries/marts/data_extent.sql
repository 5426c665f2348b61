-- What there is: the first and last day of orders and touches, the date every page opens with, rows by table.
-- grain: one row
with

orders as (

    select
        min(ordered_on) as first_order_on,
        max(ordered_on) as last_order_on,
        count(*) as order_line_count
    from core.order_lines

),

touches as (

    select
        min(held_on) as first_touch_on,
        max(held_on) as last_touch_on,
        count(*) as touch_count
    from core.touches

),

promises as (

    select
        count(*) as promise_count,
        max(made_on) as last_promise_on
    from core.promises

),

people as (

    select count(*) as contact_count
    from core.contacts

),

staff as (

    select count(*) as staff_count
    from core.staff

),

requests as (

    select count(*) as request_count
    from core.requests

),

clients as (

    select
        count(*) as client_count,
        count(*) filter (where is_listed) as listed_client_count,
        count(potential) as potential_count
    from core.clients

),

final as (

    select
        orders.first_order_on,
        orders.last_order_on,
        orders.order_line_count,
        touches.first_touch_on,
        touches.last_touch_on,
        touches.touch_count,
        promises.promise_count,
        people.contact_count,
        staff.staff_count,
        requests.request_count,
        clients.client_count,
        clients.listed_client_count,
        clients.potential_count,
        workspace_currency.currency,
        coalesce(greatest(orders.last_order_on, touches.last_touch_on), promises.last_promise_on) as default_as_of
    from orders
    cross join touches
    cross join promises
    cross join people
    cross join staff
    cross join requests
    cross join clients
    cross join core.workspace_currency

)

select * from final

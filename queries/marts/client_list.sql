-- The clients that the filters leave, by money, for choosing one: with the client before and after each.
-- words: only those whose name or id holds them, case and ё aside. row_limit: the first so many by revenue.
-- grain: one row per client
-- params: as_of date, manager varchar, segment varchar, region varchar, class varchar, words varchar, row_limit integer
with

ordered as (

    select
        client_id,
        client_name,
        manager,
        class,
        revenue,
        row_number() over (order by revenue desc, client_id asc) as position,
        count(*) over () as client_count,
        lag(client_id) over (order by revenue desc, client_id asc) as previous_id,
        lead(client_id) over (order by revenue desc, client_id asc) as next_id
    from metrics.selected_clients
    where
        $words is null
        or contains(fold_text(concat_ws(' ', client_name, client_id)), fold_text($words))

),

final as (

    select *
    from ordered
    where position <= coalesce($row_limit, 1000000000)

)

select * from final
order by position asc

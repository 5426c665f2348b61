-- The clients of the ABCD screen: class, what it rests on, share, gap and how evenly they buy; the widest gap first.
-- file, sheet and row_number say where the client and its potential are named.
-- revenue_rank counts from the client with the most revenue among those selected.
-- grain: one row per selected client
-- params: as_of date, manager varchar, segment varchar, region varchar, class varchar
with

selected as (

    select *
    from metrics.selected_clients

),

final as (

    select
        selected.client_id,
        selected.client_name,
        selected.class,
        client_xyz.xyz,
        selected.revenue,
        client_classes.potential,
        client_classes.potential_origin,
        client_classes.is_potential_outdated,
        client_classes.share,
        client_classes.gap,
        selected.manager,
        selected.segment,
        selected.region,
        client_classes.basis,
        client_classes.is_high_potential,
        client_classes.is_high_share,
        ratio(client_classes.potential_before, client_classes.all_potential) as potential_before_share,
        ratio(client_classes.revenue_before, client_classes.all_revenue) as revenue_before_share,
        clients.potential as given_potential,
        clients.is_key,
        client_xyz.variation,
        norm('high_share') as high_share,
        norm('high_potential_share') as high_potential_share,
        norm('gap_target') as gap_target,
        cast(row_number() over (
            order by selected.revenue desc, selected.client_id asc
        ) as integer) as revenue_rank,
        sources.file,
        sources.sheet,
        clients.row_number
    from selected
    inner join metrics.client_classes using (client_key)
    inner join metrics.client_xyz using (client_key)
    inner join core.clients using (client_key)
    left join core.sources on clients.sheet_id = sources.sheet_id

)

select * from final
order by gap desc nulls last, revenue desc, client_id asc

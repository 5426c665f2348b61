-- The headline of the ABCD screen: money, gap, what the best classes hold; and for all clients what the classes rest on.
-- potential_line and revenue_line are where high potential begins and where the map's share line lies.
-- scope_manager: whose clients alone the reader may see: then what the classes rest on is told of these (the classes stay).
-- grain: one row
-- params: as_of date, manager varchar, segment varchar, region varchar, class varchar, scope_manager varchar
with

rested as (

    select
        count(*) as all_client_count,
        count(*) filter (where client_classes.potential_origin = 'given') as given_count,
        count(*) filter (where client_classes.potential_origin = 'estimated') as estimated_count,
        count(*) filter (where client_classes.potential_origin = 'none') as unknown_count,
        max(client_classes.basis) as basis,
        sum(greatest(client_classes.revenue, 0)) as all_revenue,
        coalesce(sum(greatest(client_classes.revenue, 0)) filter (where client_classes.potential_origin = 'given'), 0)
            as known_revenue,
        min(client_classes.potential) filter (where client_classes.is_high_potential) as potential_line
    from metrics.client_classes
    inner join core.clients using (client_key)
    where $scope_manager is null or clients.manager = $scope_manager

),

counted as (

    select
        count(*) as client_count,
        cast(coalesce(sum(selected_clients.revenue), 0) as decimal(18, 4)) as revenue,
        cast(sum(client_classes.gap) as decimal(18, 4)) as gap,
        count(*) filter (where client_classes.gap > 0) as gap_client_count,
        count(*) filter (where selected_clients.class in ('A+', 'A')) as top_client_count,
        count(*) filter (where selected_clients.class = 'A+') as a_plus_count,
        sum(selected_clients.revenue) filter (where selected_clients.class in ('A+', 'A')) as top_revenue,
        sum(client_classes.gap) filter (where selected_clients.class = 'B') as gap_of_b,
        count(*) filter (where selected_clients.class = 'B') as b_client_count,
        count(*) filter (where client_classes.is_potential_outdated) as outdated_count
    from metrics.selected_clients
    inner join metrics.client_classes using (client_key)

),

final as (

    select
        counted.*,
        ratio(counted.top_client_count, counted.client_count) as top_client_share,
        ratio(counted.top_revenue, counted.revenue) as top_revenue_share,
        ratio(counted.gap_of_b, counted.gap) as b_gap_share,
        rested.all_client_count,
        rested.given_count,
        rested.estimated_count,
        rested.unknown_count,
        coalesce(rested.basis, 'turnover') as basis,
        case when norm('abcd_basis') = 'auto' then 'auto' else 'forced' end as basis_choice,
        ratio(rested.known_revenue, rested.all_revenue) as known_share,
        norm('basis_known_share') as known_share_needed,
        rested.potential_line,
        norm('high_share') as share_line,
        norm('high_potential_share') as high_potential_share,
        norm('gap_target') as gap_target,
        norm('turnover_a_plus') as turnover_a_plus,
        norm('turnover_a') as turnover_a,
        norm('turnover_b') as turnover_b
    from counted
    cross join rested

)

select * from final

-- The order cycle of each client in days, its basis, and when the next order is expected.
-- Median interval of the client, shrunk to its peers' by interval_count; project sales share one cycle. METHOD 1 and 2.4.
-- Intervals are those that begin in the last months (24); order_count counts all occasions by the date.
-- grain: one row per known client
-- params: as_of date
with

known_clients as (

    select client_key
    from metrics.known_clients

),

ordering as (

    select
        client_key,
        count(*) as order_count,
        min(ordered_on) as first_order_on,
        max(ordered_on) as last_order_on,
        count(gap_days) filter (
            where ordered_on - gap_days >= cast($as_of - to_months(cast(norm('cycle_window_months') as integer)) as date)
        ) as interval_count,
        median(cast(gap_days as double)) filter (
            where ordered_on - gap_days >= cast($as_of - to_months(cast(norm('cycle_window_months') as integer)) as date)
        ) as median_interval_days
    from core.order_days
    where is_occasion and ordered_on <= $as_of
    group by client_key

),

typed as (

    select
        known_clients.client_key,
        coalesce(ordering.order_count, 0) as order_count,
        coalesce(ordering.interval_count, 0) as interval_count,
        ordering.median_interval_days,
        ordering.first_order_on,
        ordering.last_order_on,
        case
            when clients.sales_type is not null then clients.sales_type
            when
                ordering.interval_count >= norm('project_min_intervals')
                and ordering.median_interval_days > norm('project_border_days')
                then 'project'
            else 'transactional'
        end as sales_type
    from known_clients
    inner join core.clients using (client_key)
    left join ordering using (client_key)

),

peers as (

    select
        coalesce(
            median(median_interval_days) filter (where sales_type = 'transactional'),
            norm('peer_days_transactional')
        ) as transactional_days,
        coalesce(
            norm('project_cycle_days'),
            median(median_interval_days) filter (where sales_type = 'project'),
            norm('peer_days_project')
        ) as project_days
    from typed

),

cycles as (

    select
        typed.*,
        case
            when typed.sales_type = 'project' then peers.project_days
            when typed.interval_count = 0 then peers.transactional_days
            else round(
                exp(
                    (
                        norm('cycle_shrink') * ln(peers.transactional_days)
                        + typed.interval_count * ln(typed.median_interval_days)
                    ) / (norm('cycle_shrink') + typed.interval_count)
                ),
                9
            )
        end as cycle_days,
        case when typed.sales_type = 'project' then peers.project_days else peers.transactional_days end as peer_days
    from typed
    cross join peers

),

expected as (

    select
        *,
        last_order_on + cast(round(cycle_days) as integer) as expected_order_on
    from cycles

),

final as (

    select
        client_key,
        sales_type,
        interval_count,
        median_interval_days,
        cycle_days,
        case
            when interval_count >= norm('basis_own_intervals') then 'own'
            when interval_count > 0 then 'mixed'
            else 'peer'
        end as cycle_basis,
        order_count,
        first_order_on,
        last_order_on,
        expected_order_on,
        expected_order_on
        - cast(floor(round(greatest(norm('preorder_min_days'), norm('preorder_share') * cycle_days), 9)) as integer)
            as window_opens_on,
        peer_days
    from expected

)

select * from final

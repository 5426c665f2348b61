-- The class of each client: A+ A B C D by potential and our share of it, or by turnover where potential is not known
-- for clients that hold enough revenue. METHOD 3.
-- "Before" a client: the sum over clients with a greater value, ties share it; negative revenue counts as nothing in sums.
-- grain: one row per known client
-- params: as_of date
with

revenues as (

    select
        client_revenue.client_key,
        client_revenue.revenue,
        greatest(client_revenue.revenue, 0) as positive_revenue,
        clients.segment,
        key_marks.is_listed,
        clients.potential as given_potential
    from metrics.client_revenue
    inner join core.clients using (client_key)
    inner join ref.key_marks using (client_key)

),

measured as (

    select
        *,
        given_potential is not null as is_given,
        case when given_potential is not null then greatest(given_potential, positive_revenue) end as spend,
        case
            when given_potential is not null then ratio(positive_revenue, greatest(given_potential, positive_revenue))
        end as given_share
    from revenues

),

totals as (

    select
        sum(positive_revenue) as revenue,
        coalesce(sum(positive_revenue) filter (where is_given), 0) as known_revenue,
        count(given_potential) as potential_count,
        median(given_share) as median_share
    from measured

),

portfolio as (

    select
        revenue as all_revenue,
        median_share,
        case
            when norm('abcd_basis') <> 'auto' then norm('abcd_basis')
            when potential_count = 0 then 'turnover'
            when revenue = 0 or ratio(known_revenue, revenue) >= norm('basis_known_share') then 'potential'
            else 'turnover'
        end as basis
    from totals

),

segment_shares as (

    select
        segment,
        median(given_share) as median_share
    from measured
    where segment is not null and is_given
    group by segment
    having count(*) >= norm('segment_min_clients')

),

potentials as (

    select
        measured.*,
        portfolio.basis,
        portfolio.all_revenue,
        case
            when not measured.is_given and portfolio.basis = 'potential'
                then coalesce(segment_shares.median_share, portfolio.median_share)
        end as median_share
    from measured
    cross join portfolio
    left join segment_shares on measured.segment = segment_shares.segment

),

estimated as (

    -- A hair of a share makes an estimate that no money column holds: it is cut there.
    select
        *,
        coalesce(is_given and revenue > given_potential, false) as is_potential_outdated,
        case
            when is_given then spend
            when median_share > 0
                then
                    cast(
                        least(cast(positive_revenue as double) / median_share, 99999999999999) as decimal(18, 4)
                    )
        end as potential
    from potentials

),

shares as (

    select
        *,
        coalesce(potential, positive_revenue) as ranked_potential,
        case
            when is_given then given_share
            when potential is not null and positive_revenue > 0 then median_share
        end as share
    from estimated

),

potential_total as (

    select sum(ranked_potential) as all_potential
    from shares

),

cumulated as (

    select
        shares.*,
        potential_total.all_potential,
        coalesce(
            sum(shares.ranked_potential) over (
                order by shares.ranked_potential desc
                range between unbounded preceding and current row exclude group
            ),
            0
        ) as potential_before,
        coalesce(
            sum(shares.positive_revenue) over (
                order by shares.positive_revenue desc
                range between unbounded preceding and current row exclude group
            ),
            0
        ) as revenue_before
    from shares
    cross join potential_total

),

ranked as (

    select
        *,
        coalesce(ratio(potential_before, all_potential) < norm('high_potential_share'), false) as is_high_potential,
        round(coalesce(share, case when potential is null and positive_revenue > 0 then 1 else 0 end), 9)
        >= norm('high_share') as is_high_share,
        ratio(revenue_before, all_revenue) as revenue_before_share
    from cumulated

),

final as (

    select
        client_key,
        revenue,
        potential,
        case when potential is null then 'none' when is_given then 'given' else 'estimated' end as potential_origin,
        share,
        case
            when basis = 'turnover'
                then
                    case
                        when revenue <= 0 then 'D'
                        when revenue_before_share < norm('turnover_a_plus') then 'A+'
                        when revenue_before_share < norm('turnover_a') then 'A'
                        when revenue_before_share < norm('turnover_b') then 'B'
                        when revenue_before_share < norm('turnover_c') then 'C'
                        else 'D'
                    end
            when is_high_potential and is_high_share and (is_listed or revenue_before_share < norm('a_plus_share')) then 'A+'
            when is_high_potential and is_high_share then 'A'
            when is_high_potential then 'B'
            when is_high_share then 'C'
            else 'D'
        end as class,
        basis,
        case
            when potential is not null
                then greatest(0, cast(norm('gap_target') * cast(potential as double) as decimal(18, 4)) - revenue)
        end as gap,
        is_potential_outdated,
        is_high_potential,
        is_high_share,
        potential_before,
        all_potential,
        revenue_before,
        all_revenue
    from ranked

)

select * from final

-- The norm of the portfolio taken apart: per kind how many touches the norm asks, how many were made, counted, owed.
-- Kinds never make up for each other: counted is at most the norm of each client, extra is what went beyond it, missing
-- what the norm still lacks; owed is missing in whole touches, client by client. METHOD 2.2, 2.3.
-- client_id: of one client, whatever its state; else of the portfolio.
-- grain: one row per kind: mandatory, standard, need
-- params: as_of date, manager varchar, segment varchar, region varchar, class varchar, client_id varchar
with

measured as (

    select *
    from metrics.touch_portfolio
    where case when $client_id is null then is_measured else client_id = $client_id end

),

kinds as (

    select
        'mandatory' as kind,
        1 as position,
        norm_mandatory as norm,
        done_mandatory as done,
        counted_mandatory as counted,
        owed_mandatory as owed
    from measured

    union all

    select
        'standard' as kind,
        2 as position,
        norm_standard as norm,
        done_standard as done,
        counted_standard as counted,
        owed_standard as owed
    from measured

    union all

    select
        'need' as kind,
        3 as position,
        norm_need as norm,
        done_need as done,
        counted_need as counted,
        owed_need as owed
    from measured

),

final as (

    select
        kind,
        position,
        count(*) as client_count,
        count(*) filter (where owed > 0) as owing_client_count,
        sum(norm) as norm,
        cast(sum(done) as bigint) as done,
        sum(counted) as counted,
        sum(norm) - sum(counted) as missing,
        sum(done) - sum(counted) as extra,
        cast(sum(owed) as bigint) as owed,
        sum(counted) / nullif(sum(norm), 0) as counted_share
    from kinds
    group by kind, position

)

select * from final
order by position asc

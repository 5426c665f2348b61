-- Clients and money by stage of the customer lifecycle, in the order of the funnel; win-back stands apart, last. METHOD 4.
-- grain: one row per stage
-- params: as_of date, manager varchar, segment varchar, region varchar, class varchar
with

counted as (

    select
        client_stages.clm_stage,
        count(*) as client_count,
        sum(selected_clients.revenue) as revenue
    from metrics.selected_clients
    inner join metrics.client_stages using (client_key)
    group by client_stages.clm_stage

),

stages as (

    select
        unnest(['reach', 'acquisition', 'conversion', 'retention', 'loyalty', 'win_back']) as clm_stage,
        unnest([1, 2, 3, 4, 5, 6]) as place

),

final as (

    select
        stages.clm_stage,
        coalesce(counted.client_count, 0) as client_count,
        ratio(coalesce(counted.client_count, 0), sum(counted.client_count) over ()) as client_share,
        cast(coalesce(counted.revenue, 0) as decimal(18, 4)) as revenue,
        stages.place
    from stages
    left join counted on stages.clm_stage = counted.clm_stage

)

select * from final
order by place asc

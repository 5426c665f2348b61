-- How old the overdue promises are, in calendar and in working days, with the money of their clients (each once a bucket).
-- grain: one row per measure (calendar, working) and ageing bucket; '0' (no working day yet) only for working days
-- params: as_of date, manager varchar, segment varchar, region varchar, class varchar
with

overdue as (

    select
        promise_id,
        client_id,
        revenue,
        days_overdue,
        working_days_overdue
    from metrics.promise_portfolio
    where state = 'overdue'

),

measured as (

    select
        'calendar' as measure,
        ageing_bucket(days_overdue) as bucket,
        client_id,
        revenue,
        days_overdue
    from overdue

    union all

    select
        'working' as measure,
        ageing_bucket(working_days_overdue) as bucket,
        client_id,
        revenue,
        working_days_overdue as days_overdue
    from overdue

),

numbered as (

    select
        *,
        row_number() over (
            partition by measure, bucket, client_id
            order by days_overdue desc
        ) as client_number
    from measured

),

counted as (

    select
        measure,
        bucket,
        count(*) as promise_count,
        count(*) filter (where client_number = 1) as client_count,
        coalesce(sum(revenue) filter (where client_number = 1), 0) as revenue
    from numbered
    group by measure, bucket

),

buckets as (

    select unnest(['0', '1-3', '4-7', '8-14', '15-30', '31+']) as bucket

),

measures as (

    select unnest(['calendar', 'working']) as measure

),

final as (

    select
        measures.measure,
        buckets.bucket,
        coalesce(counted.promise_count, 0) as promise_count,
        coalesce(counted.client_count, 0) as client_count,
        cast(coalesce(counted.revenue, 0) as decimal(18, 4)) as revenue,
        list_position(['0', '1-3', '4-7', '8-14', '15-30', '31+'], buckets.bucket) as position
    from measures
    cross join buckets
    left join counted using (measure, bucket)
    where measures.measure = 'working' or buckets.bucket <> '0'

)

select * from final
order by measure asc, position asc

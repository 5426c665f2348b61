-- Promises as a whole, by owner, by class and by month of the original due: kept on time with the 95 % interval, overdue
-- with the money of the clients, moves, calls ahead. METHOD 5.
-- Keep rate: kept on time of those whose original due has come. overdue_revenue: each client of the group once.
-- standing: above or below where the interval lies wholly on one side of the rate of all; else same: no ranking.
-- grain: one row per dimension (all, owner, class, month 2026-03) and group; group_name '' is not known
-- params: as_of date, manager varchar, segment varchar, region varchar, class varchar
with

portfolio as (

    select *
    from metrics.promise_portfolio

),

dimensioned as (

    select
        'all' as dimension,
        '' as group_name,
        *
    from portfolio

    union all

    select
        'owner' as dimension,
        coalesce(owner, '') as group_name,
        *
    from portfolio

    union all

    select
        'class' as dimension,
        coalesce(class, '') as group_name,
        *
    from portfolio

    union all

    select
        'month' as dimension,
        coalesce(strftime(original_due_on, '%Y-%m'), '') as group_name,
        *
    from portfolio

),

numbered as (

    select
        *,
        case
            when state = 'overdue'
                then row_number() over (
                    partition by dimension, group_name, client_id, state
                    order by promise_id
                )
        end as overdue_number
    from dimensioned

),

counted as (

    select
        dimension,
        group_name,
        count(*) as promise_count,
        count(*) filter (where is_due) as due_count,
        count(*) filter (where is_kept) as kept_count,
        count(*) filter (where state = 'kept_as_agreed') as agreed_count,
        count(*) filter (where state = 'kept_late') as kept_late_count,
        count(*) filter (where state = 'open') as open_count,
        count(*) filter (where state = 'overdue') as overdue_count,
        count(*) filter (where overdue_number = 1) as overdue_client_count,
        coalesce(sum(revenue) filter (where overdue_number = 1), 0) as overdue_revenue,
        max(days_overdue) filter (where state = 'overdue') as longest_overdue_days,
        count(*) filter (where state = 'undated') as undated_count,
        count(*) filter (where is_upcoming) as upcoming_count,
        count(*) filter (where is_escalated) as escalated_count,
        count(*) filter (where move_count > 0) as moved_count,
        cast(coalesce(sum(silent_move_count), 0) as bigint) as silent_move_count,
        count(*) filter (where is_late and is_called is not null) as late_count,
        count(*) filter (where is_late and is_called) as called_count,
        count(*) filter (where is_near and not is_called) as ahead_count,
        count(*) filter (where is_called is not null) as call_known_count
    from numbered
    group by dimension, group_name

),

cancelled as (

    select
        known_promises.owner,
        selected_clients.class
    from metrics.known_promises
    left join metrics.selected_clients using (client_key)
    where
        known_promises.is_cancelled
        and (
            selected_clients.client_key is not null
            or ($manager is null and $segment is null and $region is null and $class is null)
        )

),

left_out as (

    select
        case when grouping(owner) = 0 then 'owner' when grouping(class) = 0 then 'class' else 'all' end as dimension,
        case when grouping(owner) = 0 then coalesce(owner, '') when grouping(class) = 0 then coalesce(class, '') else '' end
            as group_name,
        count(*) as cancelled_count
    from cancelled
    group by grouping sets ((), (owner), (class))

),

rated as (

    select
        *,
        kept_count / nullif(due_count, 0) as keep_rate,
        wilson_low(kept_count, due_count) as low_rate,
        wilson_high(kept_count, due_count) as high_rate,
        called_count / nullif(late_count, 0) as called_rate
    from counted

),

overall as (

    select keep_rate as overall_rate
    from rated
    where dimension = 'all'

),

final as (

    select
        rated.*,
        coalesce(left_out.cancelled_count, 0) as cancelled_count,
        overall.overall_rate,
        case
            when rated.due_count = 0 then 'unknown'
            when rated.low_rate > overall.overall_rate then 'above'
            when rated.high_rate < overall.overall_rate then 'below'
            else 'same'
        end as standing
    from rated
    left join left_out using (dimension, group_name)
    cross join overall

)

select * from final
order by
    dimension asc,
    case when dimension = 'class' then list_position(['A+', 'A', 'B', 'C', 'D', ''], group_name) end asc,
    group_name collate ru asc

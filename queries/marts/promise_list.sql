-- The promises one by one: the rows behind every figure of the promises screen, each with the row of the newest export.
-- scope: overdue, upcoming, undated, open, due, kept, late, uncalled (became late and nobody called ahead), ahead (due
-- soon and nobody spoke to the client), escalated; null is every promise. bucket: an ageing bucket of overdue ones, by
-- calendar days, or with by_working by working days. dimension (owner, class, month) and group_name: one group of
-- promise_groups. client_id: of one client. due: of one day, as client_events dates a promise.
-- grain: one row per promise
-- params: as_of date, manager varchar, segment varchar, region varchar, class varchar
-- params: scope varchar, bucket varchar, by_working boolean, dimension varchar, group_name varchar, client_id varchar, due date
with

portfolio as (

    select * exclude (client_key, first_logged_on, last_logged_on)
    from metrics.promise_portfolio
    where
        case $scope
            when 'overdue' then state = 'overdue'
            when 'upcoming' then is_upcoming
            when 'undated' then state = 'undated'
            when 'open' then state = 'open'
            when 'due' then is_due
            when 'kept' then is_kept
            when 'late' then is_late
            when 'uncalled' then is_late and not is_called
            when 'ahead' then is_near and not is_called
            when 'escalated' then is_escalated
            else true
        end
        and (
            $bucket is null
            or (
                state = 'overdue'
                and $bucket = ageing_bucket(case when $by_working then working_days_overdue else days_overdue end)
            )
        )
        and case $dimension
            when 'owner' then coalesce(owner, '') = $group_name
            when 'class' then coalesce(class, '') = $group_name
            when 'month' then coalesce(strftime(original_due_on, '%Y-%m'), '') = $group_name
            else true
        end
        and ($client_id is null or client_id = $client_id)
        and ($due is null or coalesce(due_on, made_on, done_on) = $due)

),

final as (

    select
        portfolio.* exclude (sheet_id),
        case portfolio.is_called when true then 'called' when false then 'not_called' else 'unknown' end as call,
        case when portfolio.state = 'overdue' then ageing_bucket(portfolio.days_overdue) end as ageing,
        sources.file,
        sources.sheet
    from portfolio
    left join core.sources using (sheet_id)

)

select * from final
order by days_overdue desc, due_on asc nulls last, promise_id asc

-- Each client in one line: class, stage, touch norm, overdue promises, and why it may need a decision.
-- A client needs a decision when a promise to it is overdue, when it is drowsing or asleep, or when its touches are below
-- the norm; the money at stake is its revenue (METHOD 8). need_rank 1 is the most money among those.
-- grain: one row per client that the filters leave
-- params: as_of date, manager varchar, segment varchar, region varchar, class varchar
with

overdue as (

    select
        client_key,
        count(*) as overdue_promise_count,
        max(days_overdue) as longest_overdue_days
    from metrics.promise_states
    where state = 'overdue'
    group by client_key

),

joined as (

    select
        selected_clients.client_key,
        selected_clients.client_id,
        selected_clients.client_name,
        selected_clients.manager,
        selected_clients.class,
        selected_clients.revenue,
        client_stages.status,
        client_stages.days_since_order,
        client_stages.cycle_days,
        touch_compliance.compliance,
        touch_compliance.status as touch_status,
        touch_compliance.owed_mandatory + touch_compliance.owed_standard + touch_compliance.owed_need as owed_count,
        coalesce(overdue.overdue_promise_count, 0) as overdue_promise_count,
        overdue.longest_overdue_days,
        client_stages.status in ('drowsing', 'asleep') as is_slipping,
        client_stages.status not in ('asleep', 'lost') as is_portfolio
    from metrics.selected_clients
    inner join metrics.client_stages on selected_clients.client_key = client_stages.client_key
    left join metrics.touch_compliance on selected_clients.client_key = touch_compliance.client_key
    left join overdue on selected_clients.client_key = overdue.client_key

),

judged as (

    select
        *,
        is_portfolio and touch_status in ('below') as is_below,
        is_portfolio and touch_status in ('met', 'near', 'over') as is_served
    from joined

),

final as (

    select
        *,
        overdue_promise_count > 0 or is_slipping or is_below as is_in_need,
        case
            when overdue_promise_count > 0 or is_slipping or is_below
                then row_number() over (
                    partition by overdue_promise_count > 0 or is_slipping or is_below
                    order by revenue desc nulls last, client_id asc
                )
        end as need_rank
    from judged

)

select * from final

-- The promises of the promises screens: those that the filters leave, with the client's money, the ageing and what they
-- call for. A promise whose client is not known is left while no filter is set.
-- Escalate: at least so many moves (2) or more days overdue than (10), while it is not done. Became late: overdue, or kept
-- late. Called: somebody touched the client in the days before the due (5), or for an open promise by now; null where
-- nobody logs touches, since unknown is not zero. METHOD 5.
-- grain: one row per promise
-- params: as_of date, manager varchar, segment varchar, region varchar, class varchar
with

logged as (

    select
        manager,
        min(held_on) as first_logged_on,
        max(held_on) as last_logged_on
    from ref.touch_kinds
    where held_on <= $as_of
    group by manager

),

anybody as (

    select
        min(first_logged_on) as first_logged_on,
        max(last_logged_on) as last_logged_on
    from logged

),

joined as (

    select
        promise_states.*,
        coalesce(selected_clients.client_name, promise_states.client_id) as client_name,
        selected_clients.manager,
        selected_clients.segment,
        selected_clients.region,
        selected_clients.class,
        selected_clients.revenue,
        case
            when selected_clients.manager is null then anybody.first_logged_on
            else logged.first_logged_on
        end as first_logged_on,
        case
            when selected_clients.manager is null then anybody.last_logged_on
            else logged.last_logged_on
        end as last_logged_on,
        promise_states.state in ('overdue', 'kept_late') as is_late,
        case when promise_states.state = 'kept_late' then promise_states.original_due_on else promise_states.due_on end as call_by_on
    from metrics.promise_states
    left join metrics.selected_clients using (client_key)
    left join logged on fold_text(selected_clients.manager) = logged.manager
    cross join anybody
    where
        selected_clients.client_key is not null
        or ($manager is null and $segment is null and $region is null and $class is null)

),

calls as (

    select
        joined.promise_id,
        max(touch_kinds.held_on) as called_on
    from joined
    inner join ref.touch_kinds using (client_key)
    where
        touch_kinds.kind not in ('internal', 'attempt')
        and touch_kinds.held_on <= $as_of
        and touch_kinds.held_on >= joined.call_by_on - cast(norm('proactive_days') as integer)
        and touch_kinds.held_on < joined.call_by_on
    group by joined.promise_id

),

final as (

    select
        joined.*,
        calls.called_on,
        case
            when
                joined.first_logged_on < joined.call_by_on
                and (
                    joined.state = 'open'
                    or joined.last_logged_on >= joined.call_by_on - cast(norm('proactive_days') as integer)
                )
                then calls.called_on is not null
        end as is_called,
        coalesce(joined.original_due_on <= $as_of, false) and joined.state <> 'undated' as is_due,
        joined.state = 'kept_on_time' and coalesce(joined.original_due_on <= $as_of, false) as is_kept,
        joined.state = 'open' and joined.due_on <= $as_of + cast(norm('upcoming_days') as integer) as is_upcoming,
        joined.state = 'open' and joined.due_on <= $as_of + cast(norm('proactive_days') as integer) as is_near,
        joined.state in ('open', 'overdue')
        and (joined.move_count >= norm('escalate_moves') or joined.days_overdue > norm('escalate_days')) as is_escalated
    from joined
    left join calls using (promise_id)

)

select * from final

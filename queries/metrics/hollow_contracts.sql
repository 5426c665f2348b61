-- Contracts without a client: revenue comes, and nobody talks. METHOD 6, rule 12.
-- In max(cycle, 6 months), (D − x, D]: no personal standard or need touch, or 70 % and more of the touches are problems, or no
-- contact confirmed for 12 months. Unknown is not met: is_untouched is null where the manager logged nothing in that time,
-- is_troubled where there was no touch, is_unconfirmed where no known person of the client or no sheet has such a day.
-- Touches are all activities but internal ones and attempts.
-- grain: one row per client with revenue
-- params: as_of date
with

spans as (

    select
        client_cycles.client_key,
        round(greatest(client_cycles.cycle_days, norm('hollow_months') * norm('month_days')), 6) as span_days
    from metrics.client_cycles
    inner join metrics.client_revenue using (client_key)
    where client_revenue.revenue > 0

),

touches as (

    select
        spans.client_key,
        count(*) as touch_count,
        count(*) filter (where touch_kinds.kind = 'problem') as problem_count,
        count(*) filter (
            where touch_kinds.is_personal and (touch_kinds.is_standard or touch_kinds.is_need)
        ) as personal_count
    from spans
    inner join ref.touch_kinds using (client_key)
    where
        touch_kinds.held_on <= $as_of
        and $as_of - touch_kinds.held_on < spans.span_days
        and touch_kinds.kind not in ('internal', 'attempt')
    group by spans.client_key

),

column_use as (

    select count(confirmed_on) > 0 as is_confirming
    from ref.people_levels

),

confirmed as (

    select
        client_key,
        max(confirmed_on) as confirmed_on
    from ref.people_levels
    where coalesce(left_on > $as_of, true)
    group by client_key

),

measured as (

    select
        spans.client_key,
        spans.span_days,
        coalesce(touches.touch_count, 0) as touch_count,
        coalesce(touches.problem_count, 0) as problem_count,
        confirmed.confirmed_on,
        case
            when $as_of - client_logs.last_logged_on < spans.span_days then coalesce(touches.personal_count, 0) = 0
        end as is_untouched,
        round(touches.problem_count / touches.touch_count, 9) >= norm('hollow_problem_share') as is_troubled,
        case
            when column_use.is_confirming and confirmed.client_key is not null
                then coalesce(
                    confirmed.confirmed_on <= cast($as_of - to_months(cast(norm('confirmed_months') as integer)) as date),
                    true
                )
        end as is_unconfirmed
    from spans
    inner join metrics.client_logs using (client_key)
    left join touches using (client_key)
    left join confirmed using (client_key)
    cross join column_use

),

final as (

    select
        *,
        coalesce(is_untouched, false) or coalesce(is_troubled, false) or coalesce(is_unconfirmed, false) as is_hollow
    from measured

)

select * from final

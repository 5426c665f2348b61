-- Touches made against the norm in each client's own window: N = mandatory per order + one standard a month + two about
-- the next order per cycle; kinds never make up for each other. METHOD 2.2, 2.3, 2.4.
-- The window: as many months as the order cycle has, 1 to 12, cut to the client's age; for clients that have ordered.
-- grain: one row per known client with at least one order
-- params: as_of date
with

windows as (

    select
        cycles.client_key,
        cycles.cycle_days,
        cycles.cycle_days / norm('month_days') as cycle_months,
        cycles.window_opens_on,
        clients.manager,
        greatest(
            coalesce(
                clients.mandatory_touches,
                case when cycles.sales_type = 'project' then norm('mandatory_project') else norm('mandatory_transactional') end
            ),
            norm('mandatory_floor')
        ) as mandatory_per_order,
        least(
            greatest(cycles.cycle_days / norm('month_days'), 1),
            norm('window_max_months'),
            greatest(
                ($as_of - coalesce(clients.client_since, cycles.first_order_on)) / norm('month_days'),
                norm('window_min_months')
            )
        ) as window_months
    from metrics.client_cycles as cycles
    inner join core.clients using (client_key)
    where cycles.order_count > 0

),

spans as (

    select
        *,
        round(window_months * norm('month_days'), 6) as window_days
    from windows

),

occasions as (

    select
        order_days.client_key,
        count(*) as occasion_count
    from core.order_days
    inner join spans using (client_key)
    where
        order_days.is_occasion
        and order_days.ordered_on <= $as_of
        and $as_of - order_days.ordered_on < spans.window_days
    group by order_days.client_key

),

touches as (

    select
        touch_kinds.client_key,
        max(touch_kinds.held_on) filter (where touch_kinds.is_contact) as last_contact_on,
        count(*) filter (
            where touch_kinds.is_mandatory and $as_of - touch_kinds.held_on < spans.window_days
        ) as done_mandatory,
        count(*) filter (
            where touch_kinds.is_standard and $as_of - touch_kinds.held_on < spans.window_days
        ) as done_standard,
        count(*) filter (
            where touch_kinds.is_need and $as_of - touch_kinds.held_on < spans.window_days
        ) as done_need,
        count(*) filter (
            where touch_kinds.is_contact and $as_of - touch_kinds.held_on < spans.window_days
        ) as contact_count,
        count(*) filter (
            where touch_kinds.is_contact and touch_kinds.is_personal and $as_of - touch_kinds.held_on < spans.window_days
        ) as personal_count,
        count(*) filter (
            where touch_kinds.kind = 'problem' and $as_of - touch_kinds.held_on < spans.window_days
        ) as problem_count
    from ref.touch_kinds
    inner join spans using (client_key)
    where touch_kinds.held_on <= $as_of
    group by touch_kinds.client_key

),

logged as (

    select
        manager,
        max(held_on) as last_logged_on
    from ref.touch_kinds
    where held_on <= $as_of
    group by manager

),

anybody as (

    select max(last_logged_on) as last_logged_on
    from logged

),

norms as (

    select
        spans.*,
        spans.mandatory_per_order * coalesce(occasions.occasion_count, 0) as norm_mandatory,
        norm('standard_per_month') * spans.window_months as norm_standard,
        norm('need_per_cycle') * spans.window_months / greatest(spans.cycle_months, 1) as norm_need,
        coalesce(touches.done_mandatory, 0) as done_mandatory,
        coalesce(touches.done_standard, 0) as done_standard,
        coalesce(touches.done_need, 0) as done_need,
        coalesce(touches.contact_count, 0) as contact_count,
        coalesce(touches.personal_count, 0) as personal_count,
        coalesce(touches.problem_count, 0) as problem_count,
        touches.last_contact_on,
        case when spans.manager is null then anybody.last_logged_on else logged.last_logged_on end as last_logged_on
    from spans
    left join occasions using (client_key)
    left join touches using (client_key)
    left join logged on fold_text(spans.manager) = logged.manager
    cross join anybody

),

counted as (

    select
        *,
        norm_mandatory + norm_standard + norm_need as norm_total,
        (
            least(done_mandatory, norm_mandatory)
            + least(done_standard, norm_standard)
            + least(done_need, norm_need)
        ) / (norm_mandatory + norm_standard + norm_need) as compliance,
        coalesce($as_of - last_logged_on < window_days, false) as is_logged
    from norms

),

due as (

    select
        *,
        coalesce(
            last_contact_on + cast(floor(round(window_days / norm_total, 9)) as integer),
            $as_of
        ) as next_by_norm_on
    from counted

),

final as (

    select
        client_key,
        window_months,
        norm_mandatory,
        norm_standard,
        norm_need,
        done_mandatory,
        done_standard,
        done_need,
        compliance,
        case
            when not is_logged then 'no_data'
            when round(compliance, 9) >= norm('compliance_near') and contact_count > round(norm('over_contact_ratio') * norm_total, 9)
                then 'over'
            when round(compliance, 9) >= norm('compliance_met') then 'met'
            when round(compliance, 9) >= norm('compliance_near') then 'near'
            else 'below'
        end as status,
        cast(greatest(ceil(round(norm_mandatory - done_mandatory, 9)), 0) as integer) as owed_mandatory,
        cast(greatest(ceil(round(norm_standard - done_standard, 9)), 0) as integer) as owed_standard,
        cast(greatest(ceil(round(norm_need - done_need, 9)), 0) as integer) as owed_need,
        case when done_mandatory > 0 then (done_standard + done_need) / done_mandatory end as mix,
        contact_count,
        case
            when window_opens_on < next_by_norm_on and (last_contact_on is null or window_opens_on > last_contact_on)
                then window_opens_on
            else next_by_norm_on
        end as next_touch_on,
        norm_total,
        window_days,
        mandatory_per_order,
        personal_count,
        problem_count,
        last_contact_on
    from due

)

select * from final

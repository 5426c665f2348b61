-- What is wrong in the data now: every check with the rows it found, the clients they concern and the money.
-- severity: wrong (figures are wrong), doubtful (they may be), note (something is not known).
-- money: of order lines their own sum, of other rows the revenue of the clients they name (METHOD 0.3), each client once.
-- missing: the tables and columns without which a check says nothing: it is not checked, and zero would be a lie (METHOD 0.5).
-- state: found, clean, not_checked.
-- grain: one row per check
-- params: as_of date, manager varchar
with

catalogue as (

    select unnest([
        { 'problem': 'orders_in_future', 'severity': 'wrong', 'needs': 'orders' },
        { 'problem': 'touches_in_future', 'severity': 'wrong', 'needs': 'touches' },
        { 'problem': 'duplicate_orders', 'severity': 'wrong', 'needs': 'orders' },
        { 'problem': 'orders_from_two_sources', 'severity': 'wrong', 'needs': 'orders' },
        { 'problem': 'rejected_rows', 'severity': 'wrong', 'needs': '' },
        { 'problem': 'promises_due_before_made', 'severity': 'wrong', 'needs': 'promises,promises.made_on' },
        { 'problem': 'promises_done_before_made', 'severity': 'wrong', 'needs': 'promises,promises.made_on' },
        { 'problem': 'undecided_clients', 'severity': 'doubtful', 'needs': '' },
        { 'problem': 'clients_without_manager', 'severity': 'doubtful', 'needs': '' },
        { 'problem': 'clients_of_dismissed', 'severity': 'doubtful', 'needs': '' },
        { 'problem': 'managers_unknown_to_staff', 'severity': 'doubtful', 'needs': 'staff' },
        { 'problem': 'manager_name_forms', 'severity': 'doubtful', 'needs': '' },
        { 'problem': 'potential_below_revenue', 'severity': 'doubtful', 'needs': 'clients,clients.potential,orders' },
        { 'problem': 'unreadable_cells', 'severity': 'doubtful', 'needs': '' },
        { 'problem': 'bulk_touches', 'severity': 'doubtful', 'needs': 'touches' },
        { 'problem': 'touches_before_client', 'severity': 'doubtful', 'needs': 'touches,clients,clients.client_since' },
        { 'problem': 'late_entries', 'severity': 'doubtful', 'needs': 'touches,touches.created_at' },
        { 'problem': 'unrecognised_touches', 'severity': 'doubtful', 'needs': 'touches' },
        { 'problem': 'old_tables', 'severity': 'doubtful', 'needs': '' },
        { 'problem': 'unlisted_clients', 'severity': 'note', 'needs': 'clients,orders' },
        { 'problem': 'touches_without_text', 'severity': 'note', 'needs': 'touches' },
        { 'problem': 'orders_of_zero', 'severity': 'note', 'needs': 'orders' }
    ], recursive := true)

),

loaded as (

    select 'orders' as name
    from core.order_lines
    having count(*) > 0
    union all
    select 'touches' as name
    from core.touches
    having count(*) > 0
    union all
    select 'touches.created_at' as name
    from core.touches
    having count(created_at) > 0
    union all
    select 'promises' as name
    from core.promises
    having count(*) > 0
    union all
    select 'promises.made_on' as name
    from core.promises
    having count(made_on) > 0
    union all
    select 'clients' as name
    from core.clients
    where is_listed
    having count(*) > 0
    union all
    select 'clients.potential' as name
    from core.clients
    having count(potential) > 0
    union all
    select 'clients.client_since' as name
    from core.clients
    having count(client_since) > 0
    union all
    select 'staff' as name
    from core.staff
    having count(*) > 0

),

needed as (

    select
        problem,
        unnest(string_split(needs, ',')) as name
    from catalogue

),

missing as (

    select
        needed.problem,
        string_agg(needed.name, ',' order by needed.name) as missing
    from needed
    left join loaded using (name)
    where loaded.name is null and needed.name <> ''
    group by needed.problem

),

by_client as (

    select
        problem,
        client_id,
        count(*) as row_count,
        sum(amount) as amount
    from checks.flagged_rows
    group by problem, client_id

),

found as (

    select
        by_client.problem,
        sum(by_client.row_count) as row_count,
        count(by_client.client_id) as client_count,
        coalesce(sum(by_client.amount), sum(client_revenue.revenue)) as money
    from by_client
    left join core.clients using (client_id)
    left join metrics.client_revenue using (client_key)
    group by by_client.problem

),

final as (

    select
        catalogue.problem,
        catalogue.severity,
        case
            when missing.missing is not null then 'not_checked'
            when found.row_count > 0 then 'found'
            else 'clean'
        end as check_state,
        case when missing.missing is null then cast(coalesce(found.row_count, 0) as bigint) end as row_count,
        case when missing.missing is null then nullif(found.client_count, 0) end as client_count,
        case when missing.missing is null then cast(found.money as decimal(18, 4)) end as money_affected,
        missing.missing
    from catalogue
    left join missing using (problem)
    left join found using (problem)

)

select * from final
order by
    case check_state when 'found' then 1 when 'not_checked' then 2 else 3 end asc,
    case severity when 'wrong' then 1 when 'doubtful' then 2 else 3 end asc,
    row_count desc nulls last,
    problem asc

-- Clients: those that a clients sheet names and those that only orders, touches or contacts name.
-- Where several sources describe a client, each column comes from the newest source that fills it.
-- Of clients that the user merged the one that stays is asked first, the others fill its blanks.
-- Without a manager in the sheets the client's is that of its latest order, else of its latest touch.
-- given_manager: the manager's name as the sheet has it, where it is another spelling.
-- grain: one row per client
with

listed as (

    select
        client_key,
        arg_max(client_name, recency) filter (where is_own) as own_name,
        arg_max(client_name, recency) as client_name,
        arg_max(tax_id, recency) as tax_id,
        arg_max(parent_id, recency) as parent_id,
        arg_max(manager, recency) as manager,
        arg_max(sales_type, recency) as sales_type,
        arg_max(segment, recency) as segment,
        arg_max(region, recency) as region,
        arg_max(industry, recency) as industry,
        arg_max(potential, recency) as potential,
        arg_max(mandatory_touches, recency) as mandatory_touches,
        arg_max(client_since, recency) as client_since,
        arg_max(is_marked_lost, recency) as is_marked_lost,
        arg_max(is_key, recency) as is_key,
        arg_max(is_brand, recency) as is_brand,
        arg_max(is_new_segment, recency) as is_new_segment,
        arg_max(is_in_media, recency) as is_in_media,
        arg_max(uses_rival, recency) as uses_rival,
        arg_max(employees, recency) as employees,
        arg_max(branches, recency) as branches,
        arg_max(turnover, recency) as turnover,
        arg_max(reps, recency) as reps,
        arg_max(referred_by, recency) as referred_by,
        arg_max(acquired_by, recency) as acquired_by,
        arg_max(extra, recency) as extra,
        arg_max(sheet_id, recency) as sheet_id,
        arg_max(row_number, recency) as row_number
    from core.client_snapshots
    group by client_key

),

ordering as (

    select
        client_key,
        min(ordered_on) as first_seen_on,
        arg_max(manager, (ordered_on, sheet_id, row_number)) filter (where manager is not null) as manager
    from core.order_lines
    group by client_key

),

touching as (

    select
        client_key,
        min(held_on) as first_seen_on,
        arg_max(manager, (held_on, sheet_id, row_number)) filter (where manager is not null) as manager
    from core.touches
    group by client_key

),

final as (

    select
        client_keys.client_key,
        client_keys.client_id,
        coalesce(listed.own_name, client_keys.client_name, listed.client_name, client_keys.client_id) as client_name,
        listed.tax_id,
        listed.parent_id,
        coalesce(people.person, ordering.manager, touching.manager) as manager,
        case when listed.manager <> people.person then listed.manager end as given_manager,
        listed.sales_type,
        listed.segment,
        listed.region,
        listed.industry,
        listed.potential,
        listed.mandatory_touches,
        listed.client_since,
        coalesce(listed.is_marked_lost, false) as is_marked_lost,
        coalesce(listed.is_key, false) as is_key,
        listed.is_brand,
        listed.is_new_segment,
        listed.is_in_media,
        listed.uses_rival,
        listed.employees,
        listed.branches,
        listed.turnover,
        listed.reps,
        listed.referred_by,
        listed.acquired_by,
        listed.client_key is not null as is_listed,
        least(ordering.first_seen_on, touching.first_seen_on) as first_seen_on,
        listed.extra,
        listed.sheet_id,
        listed.row_number
    from core.client_keys
    left join listed using (client_key)
    left join ordering using (client_key)
    left join touching using (client_key)
    left join core.people on listed.manager = people.form

)

select * from final
order by client_key asc

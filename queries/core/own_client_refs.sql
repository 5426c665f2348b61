-- Which client each reference means by itself: by id, tax id or name (INPUTS, client link); what the user said to be one
-- client is joined after it, in core.client_refs.
-- A name that fits nobody makes a new client, known by the earliest spelling of that name; a bare CRM link does not.
-- transient: only the build needs it
-- grain: one row per client_ref
with

resolved as (

    select
        named_clients.client_ref,
        named_clients.given_name,
        named_clients.given_tax,
        named_clients.folded_name,
        named_clients.first_place,
        coalesce(by_id.client_id, by_name.client_id, by_link.client_id) as client_id,
        coalesce(by_name.is_ambiguous, false) as is_ambiguous,
        coalesce(by_link.is_link, false) and by_link.client_id is null as is_dead_link
    from core.named_clients
    left join core.clients_by_id as by_id using (client_ref)
    left join core.clients_by_name as by_name using (client_ref)
    left join core.clients_by_link as by_link using (client_ref)

),

new_names as (

    select
        folded_name,
        arg_min(given_name, first_place) as client_id
    from resolved
    where client_id is null and not is_ambiguous and not is_dead_link and folded_name is not null
    group by folded_name

),

final as (

    select
        resolved.client_ref,
        resolved.given_name,
        resolved.given_tax,
        resolved.folded_name,
        resolved.first_place,
        resolved.is_ambiguous,
        resolved.is_dead_link,
        coalesce(
            resolved.client_id,
            case
                when not resolved.is_ambiguous and not resolved.is_dead_link
                    then coalesce(new_names.client_id, resolved.given_tax)
            end
        ) as client_id
    from resolved
    left join new_names on resolved.folded_name = new_names.folded_name

)

select * from final

-- Which client each reference means, those that the user said to be one client joined.
-- own_client_id: whom it would mean had nobody said so.
-- transient: only the build needs it
-- grain: one row per client_ref
with

merged as (

    select
        own_client_id,
        min(client_id) as client_id
    from core.client_merges
    where state = 'in_force'
    group by own_client_id

),

final as (

    select
        refs.client_ref,
        refs.given_name,
        refs.first_place,
        refs.is_ambiguous,
        refs.is_dead_link,
        refs.client_id as own_client_id,
        coalesce(merged.client_id, refs.client_id) as client_id
    from core.own_client_refs as refs
    left join merged on refs.client_id = merged.own_client_id

)

select * from final

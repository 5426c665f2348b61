-- Every way in which a row names a client, split into id, name and tax id, with the first place it stands in.
-- transient: only the build needs it
-- grain: one row per client_ref
with

refs as (

    select
        client_ref,
        sheet_id * 10000000::bigint + row_number as place,
        true as is_listed
    from staging.clients
    union all
    select
        client_ref,
        first_place as place,
        false as is_listed
    from core.client_cells
    union all
    select
        client_ref,
        sheet_id * 10000000::bigint + row_number as place,
        false as is_listed
    from staging.contacts
    union all
    select
        client_ref,
        sheet_id * 10000000::bigint + row_number as place,
        false as is_listed
    from staging.promises
    union all
    select
        client_ref,
        sheet_id * 10000000::bigint + row_number as place,
        false as is_listed
    from staging.requests

),

final as (

    select
        client_ref,
        nullif(split_part(client_ref, chr(31), 1), '') as given_id,
        nullif(split_part(client_ref, chr(31), 2), '') as given_name,
        nullif(split_part(client_ref, chr(31), 3), '') as given_tax,
        fold_name(nullif(split_part(client_ref, chr(31), 2), '')) as folded_name,
        bool_or(is_listed) as is_listed,
        min(place) as first_place
    from refs
    where client_ref is not null
    group by client_ref

)

select * from final

-- References without an id: the text may be an id, a tax id, an exact name or a folded name of a client that has an id.
-- Where one name fits several clients nothing is guessed: is_ambiguous.
-- transient: only the build needs it
-- grain: one row per client_ref that gives no id
with

nameless as (

    select
        client_ref,
        given_name,
        folded_name,
        coalesce(given_tax, given_name) as given_tax
    from core.named_clients
    where given_id is null

),

ids as (

    select distinct client_id
    from core.clients_by_id

),

by_tax as (

    select
        given_tax,
        min(client_id) as client_id
    from core.clients_by_id
    where given_tax is not null
    group by given_tax
    having count(distinct client_id) = 1

),

by_exact_name as (

    select
        given_name,
        min(client_id) as client_id
    from core.clients_by_id
    where given_name is not null
    group by given_name
    having count(distinct client_id) = 1

),

by_name as (

    select
        folded_name,
        min(client_id) as client_id,
        count(distinct client_id) as client_count
    from core.clients_by_id
    where folded_name is not null
    group by folded_name

),

final as (

    select
        nameless.client_ref,
        coalesce(
            ids.client_id,
            by_tax.client_id,
            by_exact_name.client_id,
            case when by_name.client_count = 1 then by_name.client_id end
        ) as client_id,
        coalesce(
            ids.client_id is null
            and by_tax.client_id is null
            and by_exact_name.client_id is null
            and by_name.client_count > 1,
            false
        ) as is_ambiguous
    from nameless
    left join ids on nameless.given_name = ids.client_id
    left join by_tax on nameless.given_tax = by_tax.given_tax
    left join by_exact_name on nameless.given_name = by_exact_name.given_name
    left join by_name on nameless.folded_name = by_name.folded_name

)

select * from final

-- CRM links in one cell (Bitrix24: CO_101, D_401, C_201, L_303) and lists of ids (a; b): the first that leads to a client.
-- A company link leads to the company, a deal to the client of that deal, a contact to the client of that contact.
-- transient: only the build needs it
-- grain: one row per client_ref that is a link or a list
with

unresolved as (

    select
        named_clients.client_ref,
        named_clients.given_name
    from core.clients_by_name
    inner join core.named_clients using (client_ref)
    where
        clients_by_name.client_id is null
        and not clients_by_name.is_ambiguous
        and regexp_matches(named_clients.given_name, '[,;]|^(CO|C|D|L)_\d+$')

),

links as (

    select
        client_ref,
        trim(unnest(string_split_regex(given_name, '[,;]'))) as link,
        generate_subscripts(string_split_regex(given_name, '[,;]'), 1) as position
    from unresolved

),

deal_links as (

    select substr(link, 3) as order_id
    from links
    where starts_with(link, 'D_')

),

linked_orders as (

    select
        orders.order_id,
        client_cells.client_ref
    from staging.order_texts as orders
    inner join core.client_cells
        on
            orders.client_id_text is not distinct from client_cells.client_id_text
            and orders.client_text is not distinct from client_cells.client_text
            and orders.tax_id_text is not distinct from client_cells.tax_id_text
    where orders.order_id in (select deal_links.order_id from deal_links)

),

targets as (

    select distinct
        client_id as link,
        client_id
    from core.clients_by_id
    union
    select distinct
        'CO_' || client_id as link,
        client_id
    from core.clients_by_id
    union
    select
        'D_' || linked_orders.order_id as link,
        coalesce(by_id.client_id, by_name.client_id) as client_id
    from linked_orders
    left join core.clients_by_id as by_id using (client_ref)
    left join core.clients_by_name as by_name using (client_ref)
    union
    select
        'C_' || contacts.contact_id as link,
        coalesce(by_id.client_id, by_name.client_id) as client_id
    from staging.contacts
    left join core.clients_by_id as by_id using (client_ref)
    left join core.clients_by_name as by_name using (client_ref)
    where contacts.contact_id is not null

),

found as (

    select
        links.client_ref,
        links.link,
        links.position,
        coalesce(
            targets.client_id,
            case when regexp_full_match(links.link, 'CO_\d+') then substr(links.link, 4) end
        ) as client_id
    from links
    left join targets on links.link = targets.link

),

final as (

    select
        client_ref,
        arg_min(client_id, (case when starts_with(link, 'CO_') then 0 else 1 end, position)) filter (
            where client_id is not null
        ) as client_id,
        bool_and(regexp_full_match(link, '(CO|C|D|L)_\d+')) as is_link
    from found
    group by client_ref

)

select * from final

-- The ways in which orders and touches write a client into their cells: many rows, few ways, and each is read once.
-- transient: only the build needs it
-- grain: one row per client id, name and tax id as the cells have them
with

places as (

    select
        client_id_text,
        client_text,
        tax_id_text,
        sheet_id,
        row_number
    from staging.order_texts
    union all
    select
        client_id_text,
        client_text,
        tax_id_text,
        sheet_id,
        row_number
    from staging.touch_texts

),

cells as (

    select
        client_id_text,
        client_text,
        tax_id_text,
        min(sheet_id * 10000000::bigint + row_number) as first_place
    from places
    group by
        client_id_text,
        client_text,
        tax_id_text

),

final as (

    select
        client_id_text,
        client_text,
        tax_id_text,
        client_ref(client_id_text, client_text, tax_id_text) as client_ref,
        first_place,
        (row_number() over ())::integer as cell_key
    from cells

)

select * from final

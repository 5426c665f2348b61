-- Order lines that repeat another to the letter: client, day, document, number, item, quantity and amount are the same.
-- Distorts revenue, and the class with it. The first of the copies is not shown: it is the order; first_file and first_row say
-- where it stands. Without a number or an item two equal purchases of one day look like copies too: the user judges.
-- grain: one row per copy
-- params: manager varchar
with

numbered as (

    select
        *,
        row_number() over copies as copy_number,
        first_value(sheet_id) over copies as first_sheet_id,
        first_value(row_number) over copies as first_row
    from core.order_lines
    where amount <> 0
    window copies as (
        partition by client_key, ordered_on, amount, order_id, document_type, sku, product, quantity
        order by sheet_id, row_number
    )

),

final as (

    select
        clients.client_id,
        clients.client_name,
        numbered.ordered_on,
        numbered.order_id,
        numbered.product,
        numbered.quantity,
        numbered.amount,
        first_sources.file as first_file,
        numbered.first_row,
        sources.file,
        sources.sheet,
        numbered.row_number,
        numbered.sheet_id
    from numbered
    inner join core.sources using (sheet_id)
    inner join core.sources as first_sources on numbered.first_sheet_id = first_sources.sheet_id
    inner join core.clients using (client_key)
    where
        numbered.copy_number > 1
        and ($manager is null or clients.manager = $manager)

)

select * from final
order by ordered_on desc, client_id asc, row_number asc

-- Days of a client on which two exports of different headers sum to the same money: one order, loaded from both.
-- Distorts revenue, and the class with it: the day counts twice. Shown are the lines of the export loaded later.
-- grain: one row per order line
-- params: manager varchar
with

mixed_days as (

    select
        client_key,
        ordered_on
    from core.order_lines
    group by client_key, ordered_on
    having min(sheet_id) < max(sheet_id)

),

lines as (

    select
        order_lines.*,
        sources.source,
        sources.file,
        sources.sheet
    from core.order_lines
    inner join mixed_days using (client_key, ordered_on)
    inner join core.sources using (sheet_id)

),

sums as (

    select
        client_key,
        ordered_on,
        source,
        sum(amount) as day_amount,
        arg_min(file, sheet_id) as first_file,
        min(sheet_id) as first_sheet_id
    from lines
    group by client_key, ordered_on, source

),

doubled as (

    select
        *,
        lag(first_file) over same_money as other_file
    from sums
    where day_amount <> 0
    window same_money as (
        partition by client_key, ordered_on, day_amount
        order by first_sheet_id
    )

),

final as (

    select
        clients.client_id,
        clients.client_name,
        lines.ordered_on,
        lines.order_id,
        lines.product,
        lines.amount,
        doubled.other_file,
        lines.file,
        lines.sheet,
        lines.row_number,
        lines.sheet_id
    from lines
    inner join doubled using (client_key, ordered_on, source)
    inner join core.clients using (client_key)
    where
        doubled.other_file is not null
        and ($manager is null or clients.manager = $manager)

)

select * from final
order by ordered_on desc, client_id asc, row_number asc

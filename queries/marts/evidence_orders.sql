-- The order lines behind a figure of money or of a cycle, newest first, with file, sheet and row number.
-- Of one client or of all that the filters, a status or a lifecycle stage leave; of the last months, or of all time, or
-- from the day since to the day till, both counted.
-- gap_days stands on the first line of an order day: days since the order before.
-- grain: one row per order line that counts
-- params: as_of date, months integer, since date, till date, client_id varchar, status varchar, clm_stage varchar
-- params: manager varchar, segment varchar, region varchar, class varchar
with

chosen as (

    select
        selected_clients.client_key,
        selected_clients.client_id,
        selected_clients.client_name
    from metrics.selected_clients
    inner join metrics.client_stages using (client_key)
    where
        ($client_id is null or selected_clients.client_id = $client_id)
        and ($status is null or client_stages.status = $status)
        and ($clm_stage is null or client_stages.clm_stage = $clm_stage)

),

lines as (

    select
        *,
        row_number() over (
            partition by client_key, ordered_on
            order by sheet_id, row_number
        ) as line_number
    from core.order_lines
    where
        ordered_on <= $as_of
        and ($months is null or ordered_on > cast($as_of - to_months($months) as date))
        and ($since is null or ordered_on >= $since)
        and ($till is null or ordered_on <= $till)

),

final as (

    select
        chosen.client_id,
        chosen.client_name,
        lines.ordered_on,
        lines.order_id,
        lines.document_type,
        lines.product,
        lines.manager,
        lines.given_manager,
        lines.amount,
        lines.given_amount,
        lines.given_currency,
        lines.rate,
        case when lines.line_number = 1 then order_days.gap_days end as gap_days,
        sources.file,
        sources.sheet,
        lines.row_number
    from lines
    inner join chosen using (client_key)
    inner join core.order_days
        on
            lines.client_key = order_days.client_key
            and lines.ordered_on = order_days.ordered_on
    inner join core.sources using (sheet_id)

)

select * from final
order by ordered_on desc, client_id asc, file asc, sheet asc, row_number asc

-- Order lines typed, with what their words mean; whose they are, core.order_rows says.
-- In a sheet whose status column speaks of deals won, open or lost, only what is won is an order.
-- A document named a return lowers revenue even where the export writes it as a positive amount.
-- Money in another currency is counted at the latest rate on or before the day (METHOD 0.8), and is kept as it was given.
-- is_order: no deal that is still open, lost or unknown, and not cancelled.
-- reason: why a line does not count whoever its client is (null: nothing speaks against it); reason_value: the cell that says so.
-- has_unread: some figure beside the amount could not be read, or is a blank in words; core.order_unread looks which. Dashes,
-- the commonest blanks, are none.
-- sparse: order_id, margin, discount, quantity, price, list_price, given_amount of rate, given_currency of rate, rate, manager
-- sparse: sku, product, category, document_type, status, extra
-- transient: only core.order_rows needs it
-- grain: one row per row of an orders sheet
with

wordings as (

    -- Few statuses and kinds of document stand in many rows: each is read once.
    select distinct
        sheet_id,
        status,
        document_type
    from staging.order_texts

),

meanings as (

    select
        sheet_id,
        status,
        document_type,
        deal_state(status) as deal_state,
        names_a_return(document_type) as is_return
    from wordings

),

sheet_states as (

    select
        sheet_id,
        bool_or(deal_state in ('won', 'open', 'lost')) as has_states
    from meanings
    group by sheet_id

),

joined as (

    select
        orders.*,
        client_cells.cell_key,
        day_rates.rate,
        coalesce(day_rates.is_rated, false) as is_rated,
        meanings.deal_state,
        coalesce(sheet_states.has_states, false) as has_states,
        meanings.is_return,
        workspace_currency.assumed as workspace_currency
    from staging.orders
    inner join meanings
        on
            orders.sheet_id = meanings.sheet_id
            and orders.status is not distinct from meanings.status
            and orders.document_type is not distinct from meanings.document_type
    inner join sheet_states on orders.sheet_id = sheet_states.sheet_id
    inner join core.client_cells
        on
            orders.client_id_text is not distinct from client_cells.client_id_text
            and orders.client_text is not distinct from client_cells.client_text
            and orders.tax_id_text is not distinct from client_cells.tax_id_text
    left join core.day_rates
        on
            orders.currency = day_rates.currency
            and orders.ordered_on = day_rates.ordered_on
    cross join core.workspace_currency

),

final as (

    select
        sheet_id,
        row_number,
        cell_key,
        ordered_on,
        order_id,
        exchanged(case when is_return then -abs(amount) else amount end, rate) as amount,
        exchanged(margin, rate) as margin,
        exchanged(discount, rate) as discount,
        quantity,
        exchanged(price, rate) as price,
        exchanged(list_price, rate) as list_price,
        case when rate is not null then case when is_return then -abs(amount) else amount end end as given_amount,
        case when rate is not null then currency end as given_currency,
        rate,
        manager,
        sku,
        product,
        category,
        document_type,
        status,
        coalesce(is_return, false) or amount < 0 as is_return,
        extra,
        (margin is null and margin_text not in ('-', '–', '—'))
        or (discount is null and discount_text not in ('-', '–', '—'))
        or (quantity is null and quantity_text not in ('-', '–', '—'))
        or (price is null and price_text not in ('-', '–', '—'))
        or (list_price is null and list_price_text not in ('-', '–', '—')) as has_unread,
        coalesce(deal_state = 'won', not has_states) as is_order,
        case
            when deal_state in ('open', 'lost') then 'deal_not_won'
            when deal_state = 'cancelled' then 'order_cancelled'
            when has_states and deal_state is null then 'status_unknown'
            when ordered_on is null and is_blank_date(date_text) then 'date_missing'
            when ordered_on is null then 'date_unreadable'
            when amount is null and is_blank_number(amount_text) then 'amount_missing'
            when amount is null then 'amount_unreadable'
            when currency <> workspace_currency and is_rated and rate is null then 'no_rate'
            when currency <> workspace_currency and rate is null then 'other_currency'
        end as reason,
        case
            when deal_state in ('open', 'lost', 'cancelled') or (has_states and deal_state is null) then status
            when ordered_on is null then date_text
            when amount is null then amount_text
            when currency <> workspace_currency and is_rated and rate is null then concat_ws(' ', currency, ordered_on)
            when currency <> workspace_currency and rate is null then currency
        end as reason_value
    from joined

)

select * from final

-- The intervals behind a pre-order rate: the window before each order and the personal touch that fell in it, if any.
-- METHOD 2.4. client_id: of one client only; else of all in the portfolio.
-- grain: one row per client and interval
-- params: as_of date, manager varchar, segment varchar, region varchar, class varchar, client_id varchar
with

intervals as (

    select
        touch_portfolio.client_id,
        touch_portfolio.client_name,
        preorder_intervals.ordered_on,
        preorder_intervals.gap_days,
        preorder_intervals.window_opens_on,
        preorder_intervals.touched_on,
        touches.subject,
        touches.manager,
        touches.sheet_id,
        touches.row_number
    from metrics.preorder_intervals
    inner join metrics.touch_portfolio using (client_key)
    left join core.touches using (touch_key)
    where
        case when $client_id is null then touch_portfolio.is_measured else touch_portfolio.client_id = $client_id end

),

final as (

    select
        intervals.* exclude (sheet_id),
        sources.file,
        sources.sheet
    from intervals
    left join core.sources using (sheet_id)

)

select * from final
order by client_id asc, ordered_on desc

-- Silent moves: the due date of a promise changed between two exports, or from the original, and nobody recorded it.
-- Each on the day of the export that shows it, with the row of that export; moved_by: whose promise it was there, owner:
-- whose it is now. METHOD 5.
-- client_id: of one client.
-- grain: one row per silent move
-- params: as_of date, manager varchar, segment varchar, region varchar, class varchar, client_id varchar
with

moves as (

    select
        promise_id,
        moved_on,
        from_due_on,
        to_due_on
    from metrics.promise_moves
    where turn = 1 and not is_recorded

),

final as (

    select
        moves.promise_id,
        portfolio.client_id,
        portfolio.client_name,
        portfolio.class,
        portfolio.revenue,
        portfolio.owner,
        coalesce(snapshots.owner, portfolio.owner) as moved_by,
        portfolio.text,
        moves.from_due_on,
        moves.to_due_on,
        moves.to_due_on - moves.from_due_on as moved_days,
        moves.moved_on,
        portfolio.state,
        portfolio.silent_move_count,
        sources.file,
        sources.sheet,
        snapshots.row_number
    from moves
    inner join metrics.promise_portfolio as portfolio using (promise_id)
    left join core.promise_snapshots as snapshots
        on
            moves.promise_id = snapshots.promise_id
            and moves.moved_on = snapshots.captured_on
    left join core.sources on snapshots.sheet_id = sources.sheet_id
    where $client_id is null or portfolio.client_id = $client_id

)

select * from final
order by moved_on desc, revenue desc nulls last, promise_id asc

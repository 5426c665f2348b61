-- One promise as every export showed it and every postponement that was recorded, each with the row of the file.
-- row_kind: export or record. move: silent (the due changed and nobody recorded it), shown (the export shows what a record
-- says), recorded; null where the due stayed. Of a record whether the client was told by the due day, with an explanation,
-- an apology and a new day, and the score of these, 0–4. METHOD 5.
-- grain: one row per export and recorded postponement of the promise
-- params: as_of date, promise_id varchar
with

moves as (

    select *
    from metrics.promise_moves
    where promise_id = $promise_id

),

exports as (

    select
        'export' as row_kind,
        snapshots.captured_on as day_on,
        snapshots.owner,
        snapshots.given_owner,
        snapshots.text,
        snapshots.original_due_on,
        moves.from_due_on,
        snapshots.due_on,
        case when moves.is_recorded then 'shown' when not moves.is_recorded then 'silent' end as move,
        snapshots.done_on,
        snapshots.status as promise_status,
        cast(null as varchar) as explanation,
        cast(null as varchar) as told_by,
        cast(null as boolean) as is_told_in_time,
        cast(null as boolean) as has_explanation,
        cast(null as boolean) as has_apology,
        cast(null as boolean) as has_new_date,
        cast(null as integer) as postponement_score,
        snapshots.sheet_id,
        snapshots.row_number
    from core.promise_snapshots as snapshots
    left join moves on snapshots.captured_on = moves.moved_on and moves.turn = 1
    where snapshots.promise_id = $promise_id

),

records as (

    select
        'record' as row_kind,
        records.moved_on as day_on,
        cast(null as varchar) as owner,
        cast(null as varchar) as given_owner,
        cast(null as varchar) as text,
        cast(null as date) as original_due_on,
        moves.from_due_on,
        records.to_due_on as due_on,
        'recorded' as move,
        cast(null as date) as done_on,
        cast(null as varchar) as promise_status,
        records.explanation,
        records.told_by,
        moves.is_dated and coalesce(moves.moved_on <= moves.from_due_on, false) as is_told_in_time,
        moves.has_explanation,
        moves.has_apology,
        moves.has_new_date,
        moves.score as postponement_score,
        records.sheet_id,
        records.row_number
    from core.promise_moves as records
    left join moves on records.move_number = moves.record_number and moves.turn = 0
    where records.promise_id = $promise_id and records.moved_on <= $as_of

),

both_kinds as (

    select * from exports
    union all
    select * from records

),

whose as (

    select client_id
    from core.promises
    where promise_id = $promise_id

),

final as (

    select
        whose.client_id,
        both_kinds.* exclude (sheet_id),
        sources.file,
        sources.sheet
    from both_kinds
    left join whose on true
    left join core.sources using (sheet_id)

)

select * from final
order by day_on asc, row_kind asc

-- One promise as every export showed it and every postponement that was recorded, each with the row of the file.
-- row_kind: export or record. METHOD 5.
-- grain: one row per export and recorded postponement of the promise
-- params: as_of date, promise_id varchar
with

exports as (

    select
        'export' as row_kind,
        captured_on as day_on,
        owner,
        text,
        original_due_on,
        due_on,
        done_on,
        status as promise_status,
        cast(null as varchar) as explanation,
        cast(null as varchar) as told_by,
        sheet_id,
        row_number
    from core.promise_snapshots
    where promise_id = $promise_id

),

records as (

    select
        'record' as row_kind,
        moved_on as day_on,
        cast(null as varchar) as owner,
        cast(null as varchar) as text,
        cast(null as date) as original_due_on,
        to_due_on as due_on,
        cast(null as date) as done_on,
        cast(null as varchar) as promise_status,
        explanation,
        told_by,
        sheet_id,
        row_number
    from core.promise_moves
    where promise_id = $promise_id and moved_on <= $as_of

),

both_kinds as (

    select * from exports
    union all
    select * from records

),

final as (

    select
        both_kinds.* exclude (sheet_id),
        sources.file,
        sources.sheet
    from both_kinds
    left join core.sources using (sheet_id)

)

select * from final
order by day_on asc, row_kind asc

-- Touches entered in bulk: five or more with the same text, entered on one day by one manager.
-- Distorts the touch norm: what was written up afterwards for the report was perhaps never held.
-- The text is what was written (else the result, else the subject), folded; the day of entry is created_at, where the export has
-- none the day held. A touch without a manager is its client's manager's. Mailings are left out: they go to many at once by their nature.
-- grain: one row per touch
-- params: manager varchar
with

entered as (

    select
        touches.* replace (coalesce(touches.manager, clients.manager) as manager),
        clients.client_id,
        clients.client_name,
        clients.manager as client_manager,
        fold_text(coalesce(touches.text, touches.result, touches.subject)) as words,
        coalesce(cast(touches.created_at as date), touches.held_on) as entered_on
    from core.touches
    inner join core.clients using (client_key)
    inner join core.touch_wordings using (wording_key)
    where
        coalesce(touches.text, touches.result, touches.subject) is not null
        and not is_mailing(touch_wordings.channel_words || touch_wordings.type_words || touch_words(touches.subject, null, null))

),

counted as (

    select
        *,
        count(*) over (partition by manager, entered_on, words) as same_count
    from entered
    where words <> ''

),

final as (

    select
        counted.client_id,
        counted.client_name,
        counted.manager,
        counted.entered_on,
        counted.held_on,
        counted.same_count,
        counted.channel,
        coalesce(counted.text, counted.result, counted.subject) as text,
        sources.file,
        sources.sheet,
        counted.row_number,
        counted.sheet_id
    from counted
    inner join core.sources on counted.sheet_id = sources.sheet_id
    where
        counted.same_count >= norm('bulk_touches')
        and ($manager is null or counted.client_manager = $manager)

)

select * from final
order by entered_on desc, same_count desc, manager asc, text asc, row_number asc

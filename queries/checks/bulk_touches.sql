-- Touches entered in bulk: five or more with the same text, entered on one day by one manager.
-- Distorts the touch norm: what was written up afterwards for the report was perhaps never held.
-- The text is what was written (else the result, else the subject), folded; the day of entry is created_at, where the export has
-- none the day held. A touch without a manager is its client's manager's. Mailings are left out: they go to many at once by their nature.
-- grain: one row per touch
-- params: manager varchar
with

entered as (

    select
        touches.sheet_id,
        touches.row_number,
        touches.held_on,
        touches.channel,
        clients.client_id,
        clients.client_name,
        clients.manager as client_manager,
        coalesce(touches.manager, clients.manager) as manager,
        coalesce(cast(touches.created_at as date), touches.held_on) as entered_on,
        coalesce(touches.text, touches.result, touches.subject) as text
    from core.touches
    inner join core.clients using (client_key)
    inner join core.touch_wordings using (wording_key)
    where
        coalesce(touches.text, touches.result, touches.subject) is not null
        and not is_mailing(touch_wordings.channel_words || touch_wordings.type_words || touch_words(touches.subject, null, null))

),

texts as (

    select
        text,
        fold_text(any_value(text)) as words
    from entered
    group by text

),

bulks as (

    select
        entered.manager,
        entered.entered_on,
        texts.words,
        count(*) as same_count
    from entered
    inner join texts using (text)
    where texts.words <> ''
    group by entered.manager, entered.entered_on, texts.words
    having count(*) >= norm('bulk_touches')

),

final as (

    select
        entered.client_id,
        entered.client_name,
        entered.manager,
        entered.entered_on,
        entered.held_on,
        bulks.same_count,
        entered.channel,
        entered.text,
        sources.file,
        sources.sheet,
        entered.row_number,
        entered.sheet_id
    from bulks
    inner join texts using (words)
    inner join entered
        on
            texts.text = entered.text
            and bulks.entered_on = entered.entered_on
            and bulks.manager is not distinct from entered.manager
    inner join core.sources on entered.sheet_id = sources.sheet_id
    where $manager is null or entered.client_manager = $manager

)

select * from final
order by entered_on desc, same_count desc, manager asc, text asc, row_number asc

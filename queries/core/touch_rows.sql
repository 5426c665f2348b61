-- Activities with the client they mean, and the reason why a row is left out (null: it is kept).
-- transient: kept rows go to core.touches, the others to core.rejects
-- rows of: staging.touches
-- grain: one row per row of a touches sheet
with

links as (

    select
        client_cells.client_id_text,
        client_cells.client_text,
        client_cells.tax_id_text,
        client_cells.client_ref,
        client_keys.client_key,
        client_refs.is_ambiguous
    from core.client_cells
    left join core.client_refs using (client_ref)
    left join core.client_keys using (client_id)

),

final as (

    select
        touches.*,
        links.client_ref,
        links.client_key,
        touch_words(touches.channel, null, null) as channel_words,
        touch_words(touches.type, null, null) as type_words,
        touch_words(touches.status, null, null) as status_words,
        touch_words(touches.subject, touches.text, touches.result) as subject_words,
        case
            when links.client_ref is null then 'client_missing'
            when links.is_ambiguous then 'client_ambiguous'
            when links.client_key is null then 'client_unknown'
            when touches.held_on is null and is_blank_date(touches.held_on_text) then 'date_missing'
            when touches.held_on is null then 'date_unreadable'
        end as reason,
        case
            when links.client_key is null then replace(trim(links.client_ref, chr(31)), chr(31), ' · ')
            when touches.held_on is null then touches.held_on_text
        end as reason_value
    from staging.touches
    left join links
        on
            touches.client_id_text is not distinct from links.client_id_text
            and touches.client_text is not distinct from links.client_text
            and touches.tax_id_text is not distinct from links.tax_id_text

)

select * from final

-- Activities with the client they mean, and the reason why a row is left out (null: it is kept).
-- transient: kept rows go to core.touches, the others to core.rejects
-- sparse: created_text of created_at, minutes_text of minutes
-- rows of: staging.touches
-- grain: one row per row of a touches sheet
select
    touches.*,
    client_links.client_ref,
    client_links.client_key,
    touch_words(touches.channel, null, null) as channel_words,
    touch_words(touches.type, null, null) as type_words,
    touch_words(touches.status, null, null) as status_words,
    touch_words(touches.subject, touches.text, touches.result) as subject_words,
    case
        when client_links.client_ref is null then 'client_missing'
        when client_links.is_ambiguous then 'client_ambiguous'
        when client_links.client_key is null then 'client_unknown'
        when touches.held_on is null and is_blank_date(touches.held_on_text) then 'date_missing'
        when touches.held_on is null then 'date_unreadable'
    end as reason,
    case
        when client_links.client_key is null then replace(trim(client_links.client_ref, chr(31)), chr(31), ' · ')
        when touches.held_on is null then touches.held_on_text
    end as reason_value
from staging.touches
left join core.client_links
    on
        touches.client_id_text is not distinct from client_links.client_id_text
        and touches.client_text is not distinct from client_links.client_text
        and touches.tax_id_text is not distinct from client_links.tax_id_text

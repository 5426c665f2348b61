-- Activities for free exploring: each with its kind and reason, its client's traits at the date, and the row of the file.
-- grain: one row per activity
-- params: as_of date
select
    touches.held_on,
    traits.client_id,
    traits.client_name,
    traits.manager,
    traits.segment,
    traits.region,
    traits.industry,
    traits.class,
    traits.status,
    touch_kinds.kind,
    touch_kinds.reason,
    touch_kinds.is_contact,
    touch_kinds.is_personal,
    touches.channel,
    touches.type,
    touches.subject,
    touches.text,
    touches.result,
    touches.contact,
    touches.minutes,
    touches.event_name,
    touches.manager as touch_manager,
    sources.file,
    sources.sheet,
    touches.row_number,
    touches.extra,
    traits.client_extra
from ref.touch_kinds
inner join core.touches using (touch_key)
inner join core.sources on touches.sheet_id = sources.sheet_id
left join metrics.client_traits as traits on touches.client_key = traits.client_key
where touch_kinds.held_on <= $as_of

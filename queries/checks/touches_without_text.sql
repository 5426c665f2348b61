-- Touches that say nothing: subject, text and result are all empty.
-- Distorts the touch norm: such a touch is recognised by its channel and type alone, and no reason is seen.
-- grain: one row per touch
-- params: manager varchar
select
    clients.client_id,
    clients.client_name,
    touches.held_on,
    touches.channel,
    touches.type,
    touches.status,
    touches.manager,
    sources.file,
    sources.sheet,
    touches.row_number,
    touches.sheet_id
from core.touches
inner join core.clients using (client_key)
inner join core.sources on touches.sheet_id = sources.sheet_id
where
    touches.subject is null and touches.text is null and touches.result is null
    and ($manager is null or clients.manager = $manager)
order by touches.held_on desc, clients.client_id asc, touches.row_number asc

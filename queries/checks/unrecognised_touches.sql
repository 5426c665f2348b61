-- Touches that no rule knows (METHOD 2.1). Distorts the touch norm: they count as nothing until a rule says what they are.
-- grain: one row per touch
-- params: manager varchar
select
    clients.client_id,
    clients.client_name,
    touches.held_on,
    touches.channel,
    touches.type,
    touches.subject,
    touches.text,
    touches.manager,
    sources.file,
    sources.sheet,
    touches.row_number,
    touches.sheet_id
from ref.touch_kinds
inner join core.touches using (touch_key)
inner join core.clients on touches.client_key = clients.client_key
inner join core.sources on touches.sheet_id = sources.sheet_id
where
    touch_kinds.kind = 'unrecognised'
    and ($manager is null or clients.manager = $manager)
order by touches.held_on desc, clients.client_id asc, touches.row_number asc

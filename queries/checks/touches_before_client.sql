-- Touches held before the client existed: before the day of client_since in the clients sheet.
-- Distorts the window of the touch norm, which begins with that day (METHOD 2.2), or the client's date is wrong.
-- grain: one row per touch
-- params: manager varchar
select
    clients.client_id,
    clients.client_name,
    clients.client_since,
    touches.held_on,
    touches.channel,
    touches.subject,
    touches.manager,
    sources.file,
    sources.sheet,
    touches.row_number,
    touches.sheet_id
from core.touches
inner join core.clients using (client_key)
inner join core.sources on touches.sheet_id = sources.sheet_id
where
    touches.held_on < clients.client_since
    and ($manager is null or clients.manager = $manager)
order by touches.held_on asc, clients.client_id asc, touches.row_number asc

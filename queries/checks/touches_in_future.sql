-- Touches dated after the day on which their export was taken: planned, not held.
-- Distorts every figure: the date that reports open with is the latest in the data (METHOD 0.1), and a plan may count as a touch.
-- grain: one row per touch
-- params: manager varchar
select
    clients.client_id,
    clients.client_name,
    touches.held_on,
    touches.status,
    touches.channel,
    touches.subject,
    touches.manager,
    sources.captured_on,
    sources.file,
    sources.sheet,
    touches.row_number,
    touches.sheet_id
from core.touches
inner join core.clients using (client_key)
inner join core.sources on touches.sheet_id = sources.sheet_id
where
    touches.held_on > sources.captured_on
    and ($manager is null or clients.manager = $manager)
order by touches.held_on desc, clients.client_id asc, touches.row_number asc

-- Promises done before they were made: done_on of the newest export is earlier than made_on.
-- Distorts the keep rate: such a promise counts as kept on time whatever happened.
-- grain: one row per promise
-- params: manager varchar
select
    promises.client_id,
    clients.client_name,
    promises.text,
    promises.owner,
    promises.made_on,
    promises.original_due_on,
    promise_snapshots.due_on,
    promises.done_on,
    promises.promise_id,
    sources.file,
    sources.sheet,
    promises.row_number,
    promises.sheet_id
from core.promises
inner join core.promise_snapshots
    on
        promises.promise_id = promise_snapshots.promise_id
        and promises.last_captured_on = promise_snapshots.captured_on
inner join core.sources on promises.sheet_id = sources.sheet_id
left join core.clients on promises.client_key = clients.client_key
where
    promises.done_on < promises.made_on
    and ($manager is null or clients.manager = $manager)
order by promises.made_on desc, promises.promise_id asc

-- Promises of every load with the client they mean, and the reason why a row is left out (null: it is kept).
-- A promise keeps its client's name even where no client of that name is known (a lead, a deal not loaded yet).
-- transient: kept rows go to core.promise_snapshots and core.promise_moves, the others to core.rejects
-- rows of: staging.promises
-- grain: one row per row of a promises sheet
select
    promises.*,
    sources.captured_on,
    client_keys.client_key,
    coalesce(client_keys.client_id, replace(trim(promises.client_ref, chr(31)), chr(31), ' · ')) as client_id,
    promise_status(promises.status) as status_state,
    case
        when promises.client_ref is null then 'client_missing'
        when client_refs.is_ambiguous then 'client_ambiguous'
        when promises.promise_id is null then 'promise_unnamed'
    end as reason
from staging.promises
inner join core.sources using (sheet_id)
left join core.client_refs using (client_ref)
left join core.client_keys using (client_id)

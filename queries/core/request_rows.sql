-- Requests with the client they come from, and the reason why a row is left out (null: it is kept).
-- transient: kept rows go to core.requests, the others to core.rejects
-- rows of: staging.requests
-- grain: one row per row of a requests sheet
select
    requests.*,
    client_keys.client_key,
    case
        when requests.client_ref is null then 'client_missing'
        when client_refs.is_ambiguous then 'client_ambiguous'
        when client_keys.client_key is null then 'client_unknown'
        when requests.received_on is null and is_blank_date(requests.received_text) then 'date_missing'
        when requests.received_on is null then 'date_unreadable'
    end as reason,
    case
        when client_keys.client_key is null then replace(trim(requests.client_ref, chr(31)), chr(31), ' · ')
        when requests.received_on is null then requests.received_text
    end as reason_value
from staging.requests
left join core.client_refs using (client_ref)
left join core.client_keys using (client_id)

-- How far the touch norm of every client that has ordered is met, what is owed and when the next touch is due.
-- grain: one row per client
-- params: as_of date
select
    clients.client_id,
    touch_compliance.window_months,
    touch_compliance.norm_mandatory,
    touch_compliance.norm_standard,
    touch_compliance.norm_need,
    touch_compliance.done_mandatory,
    touch_compliance.done_standard,
    touch_compliance.done_need,
    touch_compliance.compliance,
    touch_compliance.status,
    touch_compliance.owed_mandatory,
    touch_compliance.owed_standard,
    touch_compliance.owed_need,
    touch_compliance.mix,
    touch_compliance.contact_count,
    touch_compliance.next_touch_on,
    touch_compliance.norm_total,
    touch_compliance.window_days,
    touch_compliance.mandatory_per_order,
    touch_compliance.personal_count,
    touch_compliance.problem_count,
    touch_compliance.last_contact_on,
    clients.client_name,
    clients.manager,
    clients.segment,
    clients.region
from metrics.touch_compliance
inner join core.clients using (client_key)
order by clients.client_id asc

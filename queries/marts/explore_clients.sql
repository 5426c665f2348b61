-- Clients for free exploring: class, stage, cycle, money and touches of each at the date, and the row that names it.
-- grain: one row per known client
-- params: as_of date
select
    traits.client_id,
    traits.client_name,
    traits.manager,
    traits.segment,
    traits.region,
    traits.industry,
    traits.class,
    traits.status,
    client_classes.revenue,
    client_classes.potential,
    client_classes.potential_origin,
    client_classes.share,
    client_classes.gap,
    client_xyz.xyz,
    client_cycles.sales_type,
    client_cycles.cycle_days,
    client_cycles.cycle_basis,
    client_cycles.order_count,
    client_cycles.first_order_on,
    client_cycles.last_order_on,
    client_cycles.expected_order_on,
    client_stages.days_since_order,
    client_stages.clm_stage,
    touch_compliance.compliance,
    touch_compliance.status as touch_status,
    touch_compliance.contact_count,
    touch_compliance.owed_mandatory + touch_compliance.owed_standard + touch_compliance.owed_need as owed_count,
    clients.client_since,
    clients.is_key as key_client,
    clients.employees,
    sources.file,
    sources.sheet,
    clients.row_number,
    clients.extra
from metrics.client_traits as traits
inner join metrics.client_classes on traits.client_key = client_classes.client_key
inner join metrics.client_stages on traits.client_key = client_stages.client_key
inner join metrics.client_cycles on traits.client_key = client_cycles.client_key
inner join metrics.client_xyz on traits.client_key = client_xyz.client_key
inner join core.clients on traits.client_key = clients.client_key
left join metrics.touch_compliance on traits.client_key = touch_compliance.client_key
left join core.sources on clients.sheet_id = sources.sheet_id

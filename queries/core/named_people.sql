-- Names of our people as the sheets give them: who leads a client, sold, touched, promised, works here.
-- transient: core.people carries it
-- grain: one row per table, sheet and spelling
select
    'clients' as table_name,
    sheet_id,
    manager as form,
    count(*) as row_count,
    min(row_number) as row_number
from staging.clients
where manager is not null
group by sheet_id, manager
union all
select
    'orders' as table_name,
    sheet_id,
    manager as form,
    count(*) as row_count,
    min(row_number) as row_number
from staging.order_texts
where manager is not null
group by sheet_id, manager
union all
select
    'touches' as table_name,
    sheet_id,
    manager as form,
    count(*) as row_count,
    min(row_number) as row_number
from staging.touch_texts
where manager is not null
group by sheet_id, manager
union all
select
    'promises' as table_name,
    sheet_id,
    owner as form,
    count(*) as row_count,
    min(row_number) as row_number
from staging.promises
where owner is not null
group by sheet_id, owner
union all
select
    'staff' as table_name,
    sheet_id,
    staff_name as form,
    count(*) as row_count,
    min(row_number) as row_number
from staging.staff
where staff_name is not null
group by sheet_id, staff_name

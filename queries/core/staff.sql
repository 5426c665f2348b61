-- Our people, as the newest export shows each.
-- rows of: staging.staff
-- grain: one row per person
select
    people.person as staff_name,
    staff.level,
    staff.role,
    staff.share,
    staff.hours,
    staff.extra,
    staff.sheet_id,
    staff.row_number
from staging.staff
inner join core.sources using (sheet_id)
inner join core.people on staff.staff_name = people.form
qualify
    row_number() over (
        partition by people.person
        order by sources.captured_on desc, staff.sheet_id desc, staff.row_number desc
    ) = 1
order by people.person asc

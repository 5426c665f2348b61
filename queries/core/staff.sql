-- Our people, as the newest export shows each.
-- grain: one row per person
select
    staff.staff_name,
    staff.level,
    staff.role,
    staff.share,
    staff.hours,
    staff.extra,
    staff.sheet_id,
    staff.row_number
from staging.staff
inner join core.sources using (sheet_id)
where staff.staff_name is not null
qualify
    row_number() over (
        partition by fold_text(staff.staff_name)
        order by sources.captured_on desc, staff.sheet_id desc, staff.row_number desc
    ) = 1
order by staff.staff_name asc

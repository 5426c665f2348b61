-- Our people with their level: as the sheet gives it, else by the role. METHOD 6.
-- grain: one row per person
select
    fold_text(staff.staff_name) as manager,
    coalesce(given.level, by_role.level) as level
from core.staff
left join ref.title_levels as given on staff.level = given.title
left join ref.title_levels as by_role on staff.role = by_role.title

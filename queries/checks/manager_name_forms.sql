-- Names of our people that may be one person's, of whom the user has not yet said whether they are.
-- Distorts lists by manager: one person's clients and touches stand under two names.
-- The name that would go stands first, with the first row that has it.
-- grain: one row per pair of names
-- params:
select
    near_people.other_person as manager,
    near_people.other_row_count as row_count,
    near_people.person as like_manager,
    near_people.row_count as like_row_count,
    sources.file,
    sources.sheet,
    near_people.other_row_number as row_number,
    near_people.other_sheet_id as sheet_id
from checks.near_people
inner join core.sources on near_people.other_sheet_id = sources.sheet_id
where near_people.pair not in (select distinct_people.pair from ref.distinct_people)
order by row_count desc, manager asc, like_manager asc

-- The answers kept that two names are one of our people: whom the name that goes is counted as.
-- grain: one row per answer kept
-- params:
select
    merged,
    stays,
    state,
    person
from core.person_merges
order by merged asc

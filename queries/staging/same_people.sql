-- What the user said to be one of our people: the name that goes, and the name that stays.
-- grain: one row per answer kept
select
    merged,
    stays
from raw.same_people

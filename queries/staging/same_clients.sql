-- What the user said to be one client: the name or id of the one that goes, and of the one that stays.
-- grain: one row per merge kept
select
    merged,
    stays
from raw.same_clients

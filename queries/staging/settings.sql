-- Settings that the build itself needs (the currency); all others are bound when a question is asked.
-- grain: one row per setting
select
    key,
    value
from raw.settings

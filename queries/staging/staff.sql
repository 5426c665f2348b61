-- Our people as the sheets give them, typed.
-- grain: one row per row of a staff sheet
select
    sheet_id,
    row_number,
    clean_text(name) as staff_name,
    clean_text(level) as level,
    clean_text(role) as role,
    cast(parse_number(share, style.share) as double) as share,
    cast(parse_number(hours, style.hours) as double) as hours,
    share as share_text,
    hours as hours_text,
    extra
from raw.staff

-- Three numbers of a date as ISO text: year first where it is; dots are always day.month; else as the column's style says.
create or replace macro iso_of_parts(parts, value, style) as
case
    when len(parts.a) = 4 then parts.a || '-' || parts.b || '-' || parts.c
    when len(parts.c) not in (2, 4) then null
    when style = 'mdy' and not contains(value, '.') then full_year(parts.c) || '-' || parts.a || '-' || parts.b
    else full_year(parts.c) || '-' || parts.b || '-' || parts.a
end

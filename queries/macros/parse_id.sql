-- An id kept to the letter; only a whole number that a spreadsheet made a float (7701234567.0) loses its tail.
create or replace macro parse_id(value) as
case
    when contains(value, '.0') then regexp_replace(trim(value), '^([0-9]+)\.0+$', '\1')
    else nullif(trim(value), '')
end

-- What systems write where there is no number: nothing, or a dash.
create or replace macro is_blank_number(value) as
value is null or regexp_full_match(value, '[\s\x{00a0}]*[-–—−]?[\s\x{00a0}]*')

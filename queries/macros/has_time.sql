-- Whether the text of a moment says a time of day beside the day: 12:30, or a serial with a fraction.
create or replace macro has_time(value) as
coalesce(regexp_matches(value, '\d{1,2}:\d{2}') or regexp_full_match(value, '\s*\d{5}[.,]\d+\s*'), false)

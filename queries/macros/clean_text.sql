-- A text as it is kept: no-break spaces as spaces, runs of white space as one, blank as null.
create or replace macro clean_text(value) as
nullif(trim(regexp_replace(value, '[\s\x{00a0}\x{202f}\x{2009}]+', ' ', 'g')), '')

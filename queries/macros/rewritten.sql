-- A text rewritten by a pattern; null where the pattern does not fit (a text that is left as it is would be read another way).
create or replace macro rewritten(value, pattern, replacement) as
nullif(regexp_replace(value, pattern, replacement), value)

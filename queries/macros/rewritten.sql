-- A text rewritten by a pattern; null where the pattern does not fit (a text that is left as it is would be read another way).
-- Asked first and rewritten then: a rewriting that stood here twice would be done for every row, read or not.
create or replace macro rewritten(value, pattern, replacement) as
case when regexp_matches(value, pattern) then regexp_replace(value, pattern, replacement) end

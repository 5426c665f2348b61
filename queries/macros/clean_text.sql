-- A text as it is kept: no-break, thin and figure spaces as spaces, runs of white space as one, blank as null.
-- Most texts are clean already: one look finds them, rewriting every one of them would cost three times that. The look is an
-- extract because DuckDB takes that of each different text of a column once, and a match of every row.
create or replace macro clean_text(value) as
case
    when regexp_extract(value, '[\t-\r\x{00a0}\x{2000}-\x{200a}\x{202f}\x{205f}\x{3000}]|  |^ | $') <> ''
        then nullif(trim(regexp_replace(value, '[\s\x{00a0}\x{2000}-\x{200a}\x{202f}\x{205f}\x{3000}]+', ' ', 'g')), '')
    else nullif(value, '')
end

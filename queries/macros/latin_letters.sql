-- Small letters of a Russian name in Latin ones, the ways to write one sound as one: y, j and й as i, kh as h, ts as c.
create or replace macro latin_letters(value) as
replace(replace(replace(
    translate(spelled_sounds(value), 'абвгдезийклмнопрстуфхцыэyjъь', 'abvgdeziiklmnoprstufhcieii'),
    'kh', 'h'
), 'ts', 'c'), 'ii', 'i')

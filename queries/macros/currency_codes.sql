-- The codes of currencies that exports write beside figures, in small letters, as alternatives of a pattern (kam/currencies.py).
create or replace macro currency_codes() as
'rub|rur|usd|eur|gbp|cny|jpy|kzt|byn|uah|try|chf'

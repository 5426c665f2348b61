-- A currency as its ISO code; null where the export names none.
create or replace macro parse_currency(value) as
case
    when fold_text(value) in ('руб', 'рубль', 'рубли', 'р', 'rub', 'rur', '643', 'российский рубль') or trim(value) = '₽' then 'RUB'
    when fold_text(value) in ('usd', 'доллар', 'доллар сша', '840') or trim(value) = '$' then 'USD'
    when fold_text(value) in ('eur', 'евро', '978') or trim(value) = '€' then 'EUR'
    when fold_text(value) in ('юань', 'китайский юань', 'юань жэньминьби', 'cny', 'rmb', '156') or trim(value) = '¥' then 'CNY'
    when fold_text(value) in ('тенге', 'казахстанский тенге', 'тенге казахский', 'kzt', '398') or trim(value) = '₸' then 'KZT'
    when fold_text(value) in ('белорусский рубль', 'бел руб', 'byn', 'br', '933') then 'BYN'
    when fold_text(value) in ('фунт', 'фунт стерлингов', 'gbp', '826') or trim(value) = '£' then 'GBP'
    when fold_text(value) in ('турецкая лира', 'лира', 'try', '949') then 'TRY'
    when fold_text(value) in ('иена', 'японская иена', 'jpy', '392') then 'JPY'
    else nullif(upper(trim(value)), '')
end

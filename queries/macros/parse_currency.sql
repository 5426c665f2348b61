-- A currency as its ISO code; null where the export names none.
create or replace macro parse_currency(value) as
case
    when fold_text(value) in ('руб', 'рубль', 'рубли', 'р', 'rub', 'rur', '643', 'российский рубль') or trim(value) = '₽' then 'RUB'
    when fold_text(value) in ('usd', 'доллар', 'доллар сша', '840') or trim(value) = '$' then 'USD'
    when fold_text(value) in ('eur', 'евро', '978') or trim(value) = '€' then 'EUR'
    else nullif(upper(trim(value)), '')
end

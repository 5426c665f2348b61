-- A currency as its ISO code; null where the export names none.
create or replace macro parse_currency(value) as
coalesce(
    map {
        'руб': 'RUB', 'рубль': 'RUB', 'рубли': 'RUB', 'р': 'RUB', 'rub': 'RUB', 'rur': 'RUB', '643': 'RUB', 'российский рубль': 'RUB',
        'usd': 'USD', 'доллар': 'USD', 'доллар сша': 'USD', '840': 'USD',
        'eur': 'EUR', 'евро': 'EUR', '978': 'EUR',
        'юань': 'CNY', 'китайский юань': 'CNY', 'юань жэньминьби': 'CNY', 'cny': 'CNY', 'rmb': 'CNY', '156': 'CNY',
        'тенге': 'KZT', 'казахстанский тенге': 'KZT', 'тенге казахский': 'KZT', 'kzt': 'KZT', '398': 'KZT',
        'белорусский рубль': 'BYN', 'бел руб': 'BYN', 'byn': 'BYN', 'br': 'BYN', '933': 'BYN',
        'фунт': 'GBP', 'фунт стерлингов': 'GBP', 'gbp': 'GBP', '826': 'GBP',
        'турецкая лира': 'TRY', 'лира': 'TRY', 'try': 'TRY', '949': 'TRY',
        'иена': 'JPY', 'японская иена': 'JPY', 'jpy': 'JPY', '392': 'JPY'
    }[fold_text(value)],
    map { '₽': 'RUB', '$': 'USD', '€': 'EUR', '¥': 'CNY', '₸': 'KZT', '£': 'GBP' }[trim(value)],
    nullif(upper(trim(value)), '')
)

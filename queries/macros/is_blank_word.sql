-- Whether a cell says in words that it says nothing: "не указано", "нет", n/a.
create or replace macro is_blank_word(value) as
fold_text(value) in (
    'нет', 'нет данных', 'н д', 'не указан', 'не указана', 'не указано', 'не указаны', 'не задан', 'не задана', 'не задано',
    'не заполнено', 'пусто', 'неизвестно', 'no', 'none', 'null', 'n a', 'na', 'nan', 'nat', 'no value', 'no data', 'not set',
    'not specified', 'unknown', 'empty'
)

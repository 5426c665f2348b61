-- A name of one of our people without the mark that they left: "(уволен)", "[архив]", "(inactive)" in brackets anywhere,
-- "уволена", "не работает" behind the name. A name that is nothing but a mark stays as it is.
create or replace macro bare_person(value) as
coalesce(
    clean_text(regexp_replace(
        regexp_replace(
            value,
            '(?i)\s*[(\[{]\s*(уволен[а-я]*|увол|уволил(ся|ась)|не работает'
            || '|(в )?архив[а-я]*|не ?актив[а-я]*|заблокирован[а-я]*|отключ[её]н[а-я]*'
            || '|dismissed|inactive|not active|left|fired|terminated|former|disabled|deactivated|archived?)\.?'
            || '([, ]+(с|from|since))?[\d\s./-]*(г\.?)?\s*[)\]}]',
            ' ',
            'g'
        ),
        '(?i)[\s,;:–—-]+(уволен|уволена|уволил(ся|ась)|не работает|dismissed|inactive)\s*\.?\s*$',
        ''
    )),
    value
)

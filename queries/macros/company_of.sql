-- The company of a cell that lists what a task of a CRM is tied to ("Компания: Ромашка", "Контакт: Анна, Компания: Ромашка");
-- any other cell as it is.
create or replace macro company_of(value) as
case
    when contains(value, ':')
        then coalesce(
            nullif(
                regexp_extract(
                    value,
                    '(?i)(?:^|[\s,;])(?:компани[яи]|company|companies):\s*(.+?)\s*'
                    '(?:$|[\n\r;]|,?\s+(?:контакт[а-я]*|сделк[а-я]*|лид[а-я]*|contacts?|deals?|leads?):)',
                    1
                ),
                ''
            ),
            value
        )
    else value
end

-- People at the clients as the sheets give them, typed. is_company: the row of a common list of contacts and companies is no person.
-- grain: one row per row of a contacts sheet
select
    sheet_id,
    row_number,
    client_ref(client_id, client, tax_id) as client_ref,
    parse_id(contact_id) as contact_id,
    whole_name(clean_text(name), clean_text(first_name), clean_text(middle_name)) as contact_name,
    coalesce(fold_text(record) in ('компания', 'company'), false) as is_company,
    clean_text(title) as title,
    clean_text(level) as level,
    clean_text(role) as role,
    clean_text(phone) as phone,
    clean_text(email) as email,
    parse_date(birthday, style.birthday) as birthday,
    clean_text(interests) as interests,
    parse_date(confirmed_on, style.confirmed_on) as confirmed_on,
    parse_date(left_on, style.left_on) as left_on,
    birthday as birthday_text,
    confirmed_on as confirmed_text,
    left_on as left_text,
    extra
from raw.contacts

-- A text that people wrote in a CRM's editor, kept clean and without its HTML: tags as spaces, the common entities as their signs.
-- Only real tags count: "Иванов <i@x.ru>" and "a < b" stay. Most texts have neither, and one look finds them.
create or replace macro plain_text(value) as
case
    when contains(value, '<') or contains(value, '&') then clean_text(html_signs(without_tags(value)))
    else clean_text(value)
end

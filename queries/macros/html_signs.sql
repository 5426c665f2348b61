-- A text with the signs that the common entities of HTML stand for.
create or replace macro html_signs(value) as
replace(
    replace(replace(replace(replace(replace(replace(
        value,
        '&nbsp;', ' '
    ), '&lt;', '<'), '&gt;', '>'), '&quot;', '"'), '&laquo;', '«'), '&raquo;', '»'),
    '&amp;', '&'
)

-- A text with a space in the place of each tag of HTML that editors write.
create or replace macro without_tags(value) as
regexp_replace(
    value,
    '(?i)</?(?:p|br|div|span|a|b|i|u|s|ul|ol|li|strong|em|font|h[1-6]|table|tbody|tr|td|th|img|hr|blockquote)(?:\s[^<>]*)?/?>',
    ' ', 'g'
)

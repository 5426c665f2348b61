-- A text as it is compared: lower case, ё as е, punctuation and runs of spaces as one space, look-alike quotes gone.
create or replace macro fold_text(value) as
trim(regexp_replace(replace(lower(value), 'ё', 'е'), '[^[:alnum:]\p{L}+]+', ' ', 'g'))

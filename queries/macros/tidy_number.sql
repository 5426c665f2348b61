-- A number's text without spaces, currency and percent signs, its minus written in front.
create or replace macro tidy_number(value) as
regexp_replace(
    regexp_replace(
        regexp_replace(
            replace(replace(replace(lower(value), '−', '-'), '–', '-'), '—', ''),
            '[\s\x{00a0}\x{202f}\x{2009}\x{2007}''’₽$€£¥₸%]|руб(лей|ля|ль)?\.?|р\.?$|' || currency_codes(),
            '', 'g'
        ),
        '^\((.+)\)$', '-\1'
    ),
    '^([^-].*)-$', '-\1'
)

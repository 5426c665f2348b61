-- The currency that an amount names beside its figures, as its ISO code; null where it names none.
create or replace macro named_currency(value) as
case
    when regexp_matches(value, '[^\d\s.,-]')
        then
            parse_currency(
                nullif(
                    rtrim(
                        regexp_extract(lower(value), 'руб|' || currency_codes() || '|[₽$€£¥₸]|р\.?\s*$'), '. '
                    ), ''
                )
            )
end

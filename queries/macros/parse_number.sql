-- A number from text under one convention per column: mark is the decimal mark, 'comma' or 'dot'. Unreadable is null.
-- Understands spaces as thousands, (1 234,56) and 1 234- as negative, a currency or % sign; the other mark only as thousands.
-- Plain numbers are most of them and go first. The lambda binds the tidied text once: a macro's argument would be worked out
-- anew wherever it stands. A column that is null throughout is asked nothing at all.
create or replace macro parse_number(value, mark) as
case
    when value is not null
        then coalesce(
            case
                when mark = 'comma' and regexp_full_match(value, '-?\d+,\d+')
                    then try_cast(replace(value, ',', '.') as decimal(18, 4))
                when mark is distinct from 'comma' or not regexp_matches(value, '[.,]') then try_cast(value as decimal(18, 4))
            end,
            try_cast(list_transform([tidy_number(value)], lambda tidy: read_number(tidy, mark))[1] as decimal(18, 4))
        )
end

-- A client's name as it is matched: folded, without the legal form in front or behind (INPUTS: client link).
create or replace macro fold_name(value) as
coalesce(
    nullif(
        trim(
            regexp_replace(
                regexp_replace(
                    one_alphabet(fold_text(value)),
                    '^((общество с ограниченной ответственностью|публичное акционерное общество|акционерное общество|индивидуальный предприниматель|ооо|ooo|оао|oao|зао|пао|ао|ип|тоо|чп|нко|llc|ltd|gmbh|inc) )+',  -- noqa: LT05
                    ''
                ),
                '( (общество с ограниченной ответственностью|публичное акционерное общество|акционерное общество|индивидуальный предприниматель|ооо|ooo|оао|oao|зао|пао|ао|ип|тоо|чп|нко|llc|ltd|gmbh|inc))+$',  -- noqa: LT05
                ''
            )
        ),
        ''
    ),
    one_alphabet(fold_text(value))
)

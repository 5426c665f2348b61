-- A client's name as it is matched: folded, without the legal form in front or behind (INPUTS: client link).
-- Behind stand forms that in front would be part of the name: AG, SA, Co.
-- The lambda binds the folded text once: to plan the macro took five times as long without it.
create or replace macro fold_name(value) as
list_transform(
    [one_alphabet(fold_text(value))],
    lambda text: coalesce(
        nullif(
            trim(
                regexp_replace(
                    regexp_replace(text, '^((' || legal_forms() || ') )+', ''),
                    '( (' || legal_forms() || '|l l c|llp|limited|g m b h|gmbh co kg|incorporated|corp|corporation|co|plc|ag|sa|sas|sarl|'
                    || 'srl|s r l|spa|s p a|bv|nv|oy|oyj|ab|as|aps|kg|sro|s r o|(sp )?z o o|doo|d o o|ood|uab|sia|pte|pty))+$',
                    ''
                )
            ),
            ''
        ),
        text
    )
)[1]

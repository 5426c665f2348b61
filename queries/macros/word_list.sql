-- The alternatives of a rule, `a|b|c`, each folded; null where the rule has none.
create or replace macro word_list(value) as
nullif(list_filter(list_transform(string_split(value, '|'), lambda word: fold_text(word)), lambda word: word <> ''), [])

-- Small Cyrillic letters that several Latin ones stand for, as these.
create or replace macro spelled_sounds(value) as
replace(replace(replace(replace(replace(replace(value, 'ж', 'zh'), 'ч', 'ch'), 'ш', 'sh'), 'щ', 'shch'), 'ю', 'iu'), 'я', 'ia')

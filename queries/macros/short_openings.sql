-- A folded name with the common openings of company names shortened: торговый дом and тд are one.
create or replace macro short_openings(name) as
replace(
    replace(replace(replace(replace(
        name,
        'торговый дом', 'тд'
    ), 'торговая компания', 'тк'), 'группа компаний', 'гк'), 'производственная компания', 'пк'),
    'строительная компания', 'ск'
)

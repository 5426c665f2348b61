-- Whom a name means among our people, however it is spelled: several where the spelling fits several.
-- grain: one row per person
-- params: person_name varchar
select distinct person
from core.people
where form = $person_name or fold_person(bare_person(form)) = fold_person(bare_person(trim($person_name)))
order by person asc

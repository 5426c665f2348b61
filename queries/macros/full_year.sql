-- Two digits of a year as four: 70–99 are of the last century.
create or replace macro full_year(digits) as
case when len(digits) = 4 then digits when digits >= '70' then '19' || digits else '20' || digits end

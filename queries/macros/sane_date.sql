-- A day between 1900 and 2099; any other is a typing mistake or a system's word for "none".
create or replace macro sane_date(value) as
case when value between date '1900-01-01' and date '2099-12-31' then value end

-- The ageing bucket of so many days overdue (METHOD 5); '0' is not a day yet.
create or replace macro ageing_bucket(days) as
case
    when days < 1 then '0'
    when days <= 3 then '1-3'
    when days <= 7 then '4-7'
    when days <= 14 then '8-14'
    when days <= 30 then '15-30'
    else '31+'
end

-- Money of another currency in the workspace's; without a rate it is in that currency already.
create or replace macro exchanged(money, rate) as
case
    when rate is null then money
    else try_cast(round(cast(money as double) * rate, 4) as decimal(18, 4))
end

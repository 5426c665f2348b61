-- Part of a whole for comparing with a threshold: exact decimals as whole ten-thousandths, so that 240 of 300 is 0.8.
-- A whole that is not above zero has no parts: null.
create or replace macro ratio(part, whole) as
case
    when whole > 0
        then round(cast(part as double) * 10000) / round(cast(whole as double) * 10000)
end

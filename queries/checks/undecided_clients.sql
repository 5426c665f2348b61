-- Pairs of clients with near names of whom the user has not yet said whether they are one client.
-- Distorts class, cycle and status: one client split in two looks like two small ones that buy seldom.
-- grain: one row per pair of clients
-- params:
select *
from checks.near_clients
where pair not in (select distinct_pairs.pair from ref.distinct_pairs)
order by is_other_tax asc, amount + other_amount desc, client_id asc, other_client_id asc

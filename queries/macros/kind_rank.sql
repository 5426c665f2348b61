-- The order in which kinds are tried: the first hit wins (METHOD 2.1).
create or replace macro kind_rank(kind) as
list_position(['internal', 'attempt', 'deal', 'problem', 'mandatory', 'need', 'standard', 'standard+need'], kind)

-- Whether folded words (touch_words) speak of a mailing or a robot: what goes out to many at once by its nature.
create or replace macro is_mailing(words) as
regexp_matches(words, ' (рассыл|автомат|робот|mailing|newsletter|auto|bot)')

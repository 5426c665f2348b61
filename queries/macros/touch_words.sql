-- The words of an activity as rules are matched with them: folded, with a space in front of each word.
create or replace macro touch_words(first, second, third) as
' ' || coalesce(fold_text(concat_ws(' ', first, second, third)), '')

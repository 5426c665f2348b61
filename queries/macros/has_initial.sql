-- Whether a name's words have an initial among them.
create or replace macro has_initial(words) as
len(list_filter(words, lambda word: length(word) = 1)) > 0

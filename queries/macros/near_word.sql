-- Whether two words of names in Latin letters are one letter apart: another one, one more, two that changed places.
-- A last "a" makes another person: Иванов and Иванова, Александр and Александра.
create or replace macro near_word(word, other) as
least(length(word), length(other)) >= 5
and damerau_levenshtein(word, other) = 1
and word <> other || 'a'
and other <> word || 'a'

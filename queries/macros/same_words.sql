-- Whether the words of two names go together one by one: the same, one the beginning of the other (an initial), or nearly the same.
-- Words that only one of the names has are no contradiction. A last "a" is one: Александр and Александра.
create or replace macro same_words(words, other_words) as
len(list_filter(
    list_zip(words, other_words),
    lambda pair: pair[1] = pair[2] || 'a' or pair[2] = pair[1] || 'a' or not (
        starts_with(coalesce(pair[1], ''), coalesce(pair[2], ''))
        or starts_with(coalesce(pair[2], ''), coalesce(pair[1], ''))
        or near_word(pair[1], pair[2])
    )
)) = 0

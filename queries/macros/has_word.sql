-- Whether one of the alternatives (folded) begins a word of the text (folded, with a space in front). No alternatives: any text.
create or replace macro has_word(text, alternatives) as
alternatives is null or len(list_filter(alternatives, lambda word: contains(text, ' ' || word))) > 0

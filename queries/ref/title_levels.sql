-- The level of every title, level and role that people have, here and at the clients: director, head or specialist, by the
-- table of titles, first hit wins; null where no rule knows the words. METHOD 6.
-- grain: one row per title
with

rules as (

    select
        level,
        coalesce(try_cast(position as integer), 99999) as rule_rank,
        word_list(words) as words
    from ref.titles
    where level is not null and words is not null

),

titles as (

    select title
    from core.contacts
    union
    select level as title
    from core.contacts
    union
    select level as title
    from core.staff
    union
    select role as title
    from core.staff

),

final as (

    select
        titles.title,
        arg_min(rules.level, rules.rule_rank) as level
    from titles
    inner join rules on has_word(' ' || fold_text(titles.title), rules.words)
    group by titles.title

)

select * from final

-- Clients whose names are nearly one name: the same words in another order, or a letter or two apart. Proposed, never joined.
-- Two names are near when, their words sorted, they are at least 92 % alike (INPUTS: client link). Names that share a word
-- or their beginning are compared; a word that more than 200 clients have tells nothing.
-- grain: one row per pair of clients, the more bought from first
-- params:
with

clients as (

    select
        client_key,
        client_id,
        client_name,
        list_sort(string_split(fold_name(client_name), ' ')) as words
    from core.clients
    where client_name is not null

),

bought as (

    select
        client_key,
        count(*) as line_count,
        sum(amount) as amount
    from core.order_lines
    group by client_key

),

named as (

    select
        clients.client_key,
        clients.client_id,
        clients.client_name,
        clients.words,
        array_to_string(clients.words, ' ') as sorted_name,
        coalesce(bought.line_count, 0) as line_count,
        coalesce(bought.amount, 0) as amount
    from clients
    left join bought using (client_key)

),

marks as (

    select
        client_key,
        unnest(list_distinct(list_append(words, substr(sorted_name, 1, 4)))) as mark
    from named

),

telling_marks as (

    select mark
    from marks
    group by mark
    having count(*) between 2 and 200

),

told as (

    select
        marks.client_key,
        marks.mark
    from marks
    inner join telling_marks using (mark)

),

pairs as (

    select distinct
        first_told.client_key as first_key,
        second_told.client_key as second_key
    from told as first_told
    inner join told as second_told
        on first_told.mark = second_told.mark and first_told.client_key < second_told.client_key

),

compared as (

    select
        first_named.client_id,
        first_named.client_name,
        first_named.line_count,
        first_named.amount,
        second_named.client_id as other_client_id,
        second_named.client_name as other_client_name,
        second_named.line_count as other_line_count,
        second_named.amount as other_amount,
        first_named.sorted_name = second_named.sorted_name as is_same_words,
        1 - ratio(
            levenshtein(first_named.sorted_name, second_named.sorted_name),
            greatest(length(first_named.sorted_name), length(second_named.sorted_name))
        ) as likeness
    from pairs
    inner join named as first_named on pairs.first_key = first_named.client_key
    inner join named as second_named on pairs.second_key = second_named.client_key

),

final as (

    select *
    from compared
    where likeness >= 0.92

)

select * from final
order by amount + other_amount desc, client_id asc, other_client_id asc

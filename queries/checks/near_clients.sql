-- Clients whose names are nearly one name, for the user to say whether they are one client. Proposed, never joined.
-- Two names are near when their words, sorted and with letters drawn alike as one, are at least 92 % alike (INPUTS: client
-- link): 1 - edits / letters of both, a changed letter or two that changed places counting as two edits, a letter more as one.
-- Names whose numbers differ are other clients (shop 12, shop 13). Names are compared that share a word, or a half of
-- themselves; what more than 200 clients share tells nothing, so that the work grows with the clients and not with their square.
-- client_id is the one to stay: named by a clients sheet, else the more bought from. other_… is the one to go.
-- difference: look_alike (drawn alike), word_order, short_form (тд for торговый дом), same_name (two ids), spelling.
-- pair names the two whatever their order. Pairs with different tax ids come last.
-- grain: one row per pair of clients
-- params:
with

bought as (

    select
        client_key,
        count(*) filter (where is_occasion) as order_count,
        cast(sum(amount) as decimal(18, 4)) as amount,
        max(ordered_on) filter (where is_occasion) as last_order_on
    from core.order_days
    group by client_key

),

named as (

    select
        clients.client_key,
        clients.client_id,
        clients.client_name,
        clients.manager,
        clients.tax_id,
        clients.is_listed,
        coalesce(bought.order_count, 0) as order_count,
        coalesce(bought.amount, 0) as amount,
        bought.last_order_on,
        fold_name(clients.client_name) as folded_name,
        drawn_words(clients.client_name) as words
    from core.clients
    left join bought using (client_key)

),

drawn as (

    select
        *,
        array_to_string(words, ' ') as drawn_name,
        list_filter(words, lambda word: regexp_matches(word, '\d')) as numbers,
        row_number() over (order by is_listed desc, order_count desc, amount desc, client_key asc) as place
    from named
    where len(words) > 0

),

-- One letter more, less or other leaves one half of a name as it is: halves of both lengths, from either end.
marks as (

    select
        client_key,
        unnest(list_distinct(
            words
            || [drawn_name]
            || list_transform(
                list_filter([length(drawn_name) // 2, (length(drawn_name) - 1) // 2], lambda size: size >= 2),
                lambda size: '^' || left(drawn_name, size)
            )
            || list_transform(
                list_filter([length(drawn_name) // 2, (length(drawn_name) - 1) // 2], lambda size: size >= 2),
                lambda size: right(drawn_name, size) || '$'
            )
        )) as mark
    from drawn

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

-- Names too unlike in length cannot be near: the letters are not compared.
likely as (

    select
        staying.client_key as stays_key,
        going.client_key as goes_key,
        staying.drawn_name as stays_name,
        going.drawn_name as goes_name,
        length(staying.drawn_name) + length(going.drawn_name) as letter_count,
        abs(length(staying.drawn_name) - length(going.drawn_name)) as longer_by
    from pairs
    inner join drawn as first_drawn on pairs.first_key = first_drawn.client_key
    inner join drawn as second_drawn on pairs.second_key = second_drawn.client_key
    inner join drawn as staying
        on staying.client_key = case when first_drawn.place < second_drawn.place then pairs.first_key else pairs.second_key end
    inner join drawn as going
        on going.client_key = case when first_drawn.place < second_drawn.place then pairs.second_key else pairs.first_key end
    where first_drawn.numbers = second_drawn.numbers

),

compared as (

    select
        stays_key,
        goes_key,
        ratio(letter_count - 2 * damerau_levenshtein(stays_name, goes_name) + longer_by, letter_count) as likeness
    from likely
    where ratio(letter_count - longer_by, letter_count) >= 0.92

),

final as (

    select
        staying.client_id,
        staying.client_name,
        staying.order_count,
        staying.amount,
        staying.last_order_on,
        staying.manager,
        staying.tax_id,
        staying.is_listed,
        going.client_id as other_client_id,
        going.client_name as other_client_name,
        going.order_count as other_order_count,
        going.amount as other_amount,
        going.last_order_on as other_last_order_on,
        going.manager as other_manager,
        going.tax_id as other_tax_id,
        going.is_listed as other_is_listed,
        compared.likeness,
        case
            when staying.folded_name = going.folded_name then 'same_name'
            when staying.drawn_name <> going.drawn_name then 'spelling'
            when list_sort(string_split(staying.folded_name, ' ')) = list_sort(string_split(going.folded_name, ' ')) then 'word_order'
            when length(staying.folded_name) = length(going.folded_name) then 'look_alike'
            else 'short_form'
        end as difference,
        coalesce(staying.tax_id <> going.tax_id, false) as is_other_tax,
        array_to_string(list_sort([fold_text(staying.client_id), fold_text(going.client_id)]), ' | ') as pair
    from compared
    inner join drawn as staying on compared.stays_key = staying.client_key
    inner join drawn as going on compared.goes_key = going.client_key
    where compared.likeness >= 0.92

)

select * from final
order by is_other_tax asc, amount + other_amount desc, client_id asc, other_client_id asc

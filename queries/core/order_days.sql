-- What each client bought on each day, and for order occasions (a day whose sum is above zero, METHOD 0.2)
-- what a question as of any date would otherwise have to count again: the gap to the occasion before, the number of the
-- occasion, the longest of the last three gaps.
-- rows of: core.order_lines
-- grain: one row per client and day
with

days as (

    select
        client_key,
        ordered_on,
        cast(sum(amount) as decimal(18, 4)) as amount,
        count(*) as line_count
    from core.order_lines
    group by
        client_key,
        ordered_on

),

-- One window serves all: the days before an occasion of the same client, one, two and three occasions back.
neighbours as (

    select
        client_key,
        ordered_on,
        amount,
        line_count,
        amount > 0 as is_occasion,
        row_number() over occasions as number,
        lag(ordered_on, 1) over occasions as one_back,
        lag(ordered_on, 2) over occasions as two_back,
        lag(ordered_on, 3) over occasions as three_back
    from days
    window occasions as (
        partition by client_key, amount > 0
        order by ordered_on
    )

),

final as (

    select
        client_key,
        ordered_on,
        amount,
        line_count,
        is_occasion,
        case when is_occasion then cast(ordered_on - one_back as integer) end as gap_days,
        case when is_occasion then cast(number as integer) end as occasion_number,
        case
            when is_occasion
                then cast(greatest(ordered_on - one_back, one_back - two_back, two_back - three_back) as integer)
        end as longest_of_three_days
    from neighbours

)

select * from final
order by client_key asc, ordered_on asc

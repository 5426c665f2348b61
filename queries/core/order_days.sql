-- What each client bought on each day, and for order occasions (a day whose sum is above zero, METHOD 0.2)
-- what a question as of any date would otherwise have to count again: the gap to the occasion before, the number of the
-- occasion, the longest of the last three gaps.
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

gaps as (

    select
        client_key,
        ordered_on,
        cast(ordered_on - lag(ordered_on) over (
            partition by client_key
            order by ordered_on
        ) as integer) as gap_days,
        cast(row_number() over (
            partition by client_key
            order by ordered_on
        ) as integer) as occasion_number
    from days
    where amount > 0

),

occasions as (

    select
        *,
        max(gap_days) over (
            partition by client_key
            order by ordered_on
            rows between 2 preceding and current row
        ) as longest_of_three_days
    from gaps

),

final as (

    select
        days.client_key,
        days.ordered_on,
        days.amount,
        days.line_count,
        days.amount > 0 as is_occasion,
        occasions.gap_days,
        occasions.occasion_number,
        occasions.longest_of_three_days
    from days
    left join occasions
        on
            days.client_key = occasions.client_key
            and days.ordered_on = occasions.ordered_on

)

select * from final
order by client_key asc, ordered_on asc

-- Rates that cannot be and why.
-- transient: core.rejects has those of all tables
-- rows of: core.rate_rows
-- grain: one row per rejected row or unreadable cell
with

left_out as (

    select
        sheet_id,
        row_number,
        reason,
        reason_value as value
    from core.rate_rows
    where reason is not null

),

final as (

    select
        sheet_id,
        row_number,
        reason,
        cast(null as varchar) as column_name,
        value
    from left_out

)

select * from final

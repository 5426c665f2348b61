-- Which tables were ever loaded, and when last: a screen without its table says which sheet to upload.
-- grain: one row per table
-- params:
with

final as (

    select
        table_name,
        count(*) as sheet_count,
        max(captured_on) as captured_on
    from core.sources
    group by table_name

)

select * from final
order by table_name asc

-- The user's own columns, mapped to nothing and kept with the row: in which table, and whether all their values are numbers.
-- number_mark: the decimal mark by which every value reads as a number, comma or dot; null for a column of texts, and where
-- only values like 1,234 stand, which may mean either. Blank cells and dashes say nothing.
-- grain: one row per table and own column that is filled somewhere
-- params:
with

entries as (

    select
        'orders' as table_name,
        unnest(map_entries(extra)) as entry
    from core.order_lines

    union all

    select
        'touches' as table_name,
        unnest(map_entries(extra)) as entry
    from core.touches

    union all

    select
        'promises' as table_name,
        unnest(map_entries(extra)) as entry
    from core.promises

    union all

    select
        'clients' as table_name,
        unnest(map_entries(extra)) as entry
    from core.clients

    union all

    select
        'contacts' as table_name,
        unnest(map_entries(extra)) as entry
    from core.contacts

    union all

    select
        'requests' as table_name,
        unnest(map_entries(extra)) as entry
    from core.requests

),

own_values as (

    select
        table_name,
        entry.key as own_column,
        trim(entry.value) as own_value,
        count(*) as row_count
    from entries
    where trim(entry.value) <> ''
    group by table_name, entry.key, trim(entry.value)

),

bared as (

    select
        table_name,
        own_column,
        own_value,
        row_count,
        is_blank_number(own_value) as is_blank,
        rtrim(regexp_replace(own_value, '[^0-9.,-]', '', 'g'), '.,') as bare
    from own_values

),

judged as (

    select
        table_name,
        own_column,
        sum(row_count) as filled_count,
        count(*) as value_count,
        count(*) filter (where not is_blank) as number_count,
        bool_and(is_blank or parse_number(own_value, 'comma') is not null) as fits_comma,
        bool_and(is_blank or parse_number(own_value, 'dot') is not null) as fits_dot,
        bool_or(regexp_matches(bare, '^-?\d[\d.]*,(\d{1,2}|\d{4,})$|^-?0\d*,\d+$|\.\d{3}.*,|\.\d{3}\.\d{3}')) as has_comma_decimal,
        bool_or(regexp_matches(bare, '^-?\d[\d,]*\.(\d{1,2}|\d{4,})$|^-?0\d*\.\d+$|,\d{3}.*\.|,\d{3},\d{3}')) as has_dot_decimal,
        bool_or(regexp_matches(bare, '^-?\d{1,3}[.,]\d{3}$')) as has_unclear,
        bool_or(regexp_matches(bare, '^-?\d{4,}$')) as has_long_whole,
        bool_or(contains(bare, ',')) as has_comma
    from bared
    group by table_name, own_column

),

marked as (

    select
        *,
        case
            when has_comma_decimal then 'comma'
            when has_dot_decimal or not has_unclear then 'dot'
            when has_long_whole and has_comma then 'comma'
            when has_long_whole then 'dot'
        end as mark
    from judged

),

final as (

    select
        table_name,
        own_column,
        cast(filled_count as bigint) as filled_count,
        value_count,
        case
            when number_count > 0 and ((mark = 'comma' and fits_comma) or (mark = 'dot' and fits_dot)) then mark
        end as number_mark
    from marked

)

select * from final
order by table_name asc, own_column collate ru asc

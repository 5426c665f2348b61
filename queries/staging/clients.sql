-- Clients as the sheets give them, typed.
-- grain: one row per row of a clients sheet
select
    sheet_id,
    row_number,
    parse_id(client_id) as client_id,
    clean_text(client_name) as client_name,
    parse_id(tax_id) as tax_id,
    parse_id(parent_id) as parent_id,
    clean_text(manager) as manager,
    case
        when lower(trim(sales_type)) in ('project', 'проектные', 'проектный', 'проект', 'проекты') then 'project'
        when lower(trim(sales_type)) in ('transactional', 'транзакционные', 'транзакционный', 'транзакция') then 'transactional'
    end as sales_type,
    clean_text(segment) as segment,
    clean_text(region) as region,
    clean_text(industry) as industry,
    parse_number(potential, style.potential) as potential,
    named_currency(potential) as potential_currency,
    cast(parse_number(mandatory_touches, style.mandatory_touches) as double) as mandatory_touches,
    parse_date(client_since, style.client_since) as client_since,
    parse_flag(marked_lost) as is_marked_lost,
    parse_flag(key_client) as is_key,
    parse_flag(brand) as is_brand,
    parse_flag(new_segment) as is_new_segment,
    parse_flag(in_media) as is_in_media,
    parse_flag(uses_rival) as uses_rival,
    cast(parse_number(employees, style.employees) as double) as employees,
    cast(parse_number(branches, style.branches) as double) as branches,
    parse_number(turnover, style.turnover) as turnover,
    named_currency(turnover) as turnover_currency,
    cast(parse_number(reps, style.reps) as double) as reps,
    clean_text(referred_by) as referred_by,
    clean_text(acquired_by) as acquired_by,
    potential as potential_text,
    turnover as turnover_text,
    client_since as client_since_text,
    mandatory_touches as mandatory_touches_text,
    sales_type as sales_type_text,
    extra
from raw.clients

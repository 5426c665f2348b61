-- How a row names its client, as one key: the id, the name (or whatever stands there), the tax id. Null where it names none.
create or replace macro client_ref(id, name, tax) as
nullif(
    coalesce(parse_id(id), '') || chr(31) || coalesce(parse_id(clean_text(name)), '') || chr(31) || coalesce(parse_id(tax), ''),
    chr(31) || chr(31)
)

-- Whom each way of writing a client means.
-- transient: only the build needs it
-- grain: one row per client id, name and tax id as the cells have them
select
    client_cells.cell_key,
    client_cells.client_id_text,
    client_cells.client_text,
    client_cells.tax_id_text,
    client_cells.client_ref,
    client_keys.client_key,
    coalesce(client_refs.is_ambiguous, false) as is_ambiguous
from core.client_cells
left join core.client_refs using (client_ref)
left join core.client_keys using (client_id)

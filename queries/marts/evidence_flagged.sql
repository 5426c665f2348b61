-- The rows that some check names, each with its problem, file, sheet and row number: of one table or of all.
-- grain: one row per problem and row of a table
-- params: as_of date, manager varchar, table_name varchar
select
    flagged_rows.problem,
    flagged_rows.table_name,
    flagged_rows.client_id,
    clients.client_name,
    flagged_rows.amount,
    sources.file,
    sources.sheet,
    flagged_rows.row_number
from checks.flagged_rows
inner join core.sources using (sheet_id)
left join core.clients on flagged_rows.client_id = clients.client_id
where
    flagged_rows.row_number is not null
    and ($table_name is null or flagged_rows.table_name = $table_name)
order by flagged_rows.table_name asc, flagged_rows.problem asc, sources.file asc, flagged_rows.row_number asc

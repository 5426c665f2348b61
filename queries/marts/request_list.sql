-- The requests one by one, those without an answer first: the rows behind the figures of promptness.
-- scope: answered, unanswered, unnamed; null is every request.
-- grain: one row per request
-- params: as_of date, manager varchar, segment varchar, region varchar, class varchar, scope varchar
with

found as (

    select
        clients.client_id,
        clients.client_name,
        selected_clients.manager,
        selected_clients.class,
        selected_clients.revenue,
        request_answers.* exclude (client_key)
    from metrics.request_answers
    inner join core.clients using (client_key)
    left join metrics.selected_clients using (client_key)
    where
        (
            selected_clients.client_key is not null
            or ($manager is null and $segment is null and $region is null and $class is null)
        )
        and case $scope
            when 'answered' then request_answers.request_state = 'answered'
            when 'unanswered' then request_answers.request_state <> 'answered'
            when 'unnamed' then request_answers.request_state in ('unnamed', 'broken')
            else true
        end

),

final as (

    select
        found.* exclude (sheet_id),
        sources.file,
        sources.sheet
    from found
    left join core.sources using (sheet_id)

)

select * from final
order by answer_on asc nulls first, waiting_working_days desc nulls last, received_on desc, client_id asc

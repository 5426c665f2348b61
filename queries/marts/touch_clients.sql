-- The touch norm client by client: the rows behind every figure of the touches screen.
-- scope: measured, served, unserved, owing, sleeping, no_data, or a touch status (below, near, met, over) of the portfolio;
-- null is every client with a norm. dimension and group_name: one group of touch_groups.
-- grain: one row per client with a norm
-- params: as_of date, manager varchar, segment varchar, region varchar, class varchar
-- params: scope varchar, dimension varchar, group_name varchar
with

portfolio as (

    select *
    from metrics.touch_portfolio
    where
        case $scope
            when 'measured' then is_measured
            when 'served' then is_served
            when 'unserved' then is_measured and not is_served
            when 'owing' then is_measured and owed_count > 0
            when 'sleeping' then is_sleeping
            when 'no_data' then not is_sleeping and not is_logged
            else $scope is null or (is_measured and touch_status = $scope)
        end
        and case $dimension
            when 'manager' then coalesce(manager, '') = $group_name
            when 'class' then class = $group_name
            else true
        end

),

final as (

    select
        portfolio.* exclude (client_key),
        sources.file,
        sources.sheet,
        clients.row_number
    from portfolio
    inner join core.clients using (client_key)
    left join core.sources on clients.sheet_id = sources.sheet_id

)

select * from final
order by revenue desc, client_id asc

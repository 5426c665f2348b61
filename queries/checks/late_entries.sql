-- Touches entered later than three days after they were held.
-- Distorts every report of a past date: on that date the touch was not in the log, and the client looked untouched.
-- grain: one row per touch
-- params: manager varchar
with

delays as (

    select
        *,
        cast(cast(created_at as date) - held_on as integer) as delay_days
    from core.touches
    where created_at is not null

),

final as (

    select
        clients.client_id,
        clients.client_name,
        coalesce(delays.manager, clients.manager) as manager,
        delays.held_on,
        delays.created_at,
        delays.delay_days,
        delays.channel,
        delays.subject,
        sources.file,
        sources.sheet,
        delays.row_number,
        delays.sheet_id
    from delays
    inner join core.clients using (client_key)
    inner join core.sources on delays.sheet_id = sources.sheet_id
    where
        delays.delay_days > norm('entry_days')
        and ($manager is null or clients.manager = $manager)

)

select * from final
order by delay_days desc, held_on desc, client_id asc, row_number asc

-- The annual meetings on record with one client, with whom each was held, and the row of the file.
-- grain: one row per annual meeting
-- params: as_of date, client_id varchar
with

people as (

    select
        touch_key,
        string_agg(contact_name, ', ' order by contact_name) as with_whom
    from core.touch_people
    group by touch_key

),

final as (

    select
        annual_meetings.held_on,
        coalesce(people.with_whom, touches.contact) as with_whom,
        touches.subject,
        touches.result,
        touches.manager,
        sources.file,
        sources.sheet,
        touches.row_number
    from ref.annual_meetings
    inner join core.clients using (client_key)
    inner join core.touches using (touch_key)
    left join people using (touch_key)
    left join core.sources on touches.sheet_id = sources.sheet_id
    where clients.client_id = $client_id and annual_meetings.held_on <= $as_of

)

select * from final
order by held_on desc

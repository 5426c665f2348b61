-- Activities behind a number: each with its kind, what it counts as, and the row of the file it came from.
-- client_id, kind, reason: one of them only. channel, type, wording: one unrecognised wording ('' is none).
-- since, till: held on these days or between. contacts: true leaves the contacts of the norm only. row_limit: the newest so many.
-- grain: one row per activity
-- params: as_of date, manager varchar, segment varchar, region varchar, class varchar
-- params: client_id varchar, kind varchar, reason varchar, channel varchar, type varchar, wording varchar
-- params: since date, till date, contacts boolean, row_limit integer
with

found as (

    select
        touches.touch_key,
        selected_clients.client_id,
        selected_clients.client_name,
        touches.held_on,
        touches.held_at,
        touch_kinds.kind,
        touch_kinds.reason,
        touch_kinds.is_contact,
        touch_kinds.is_personal,
        touch_kinds.is_kind_given,
        touch_kinds.rule_position,
        touches.channel,
        touches.type,
        touches.status as touch_status,
        touches.subject,
        touches.text,
        touches.result,
        coalesce(touches.manager, selected_clients.manager) as manager,
        touches.given_manager,
        touches.contact,
        touches.sheet_id,
        touches.row_number
    from ref.touch_kinds
    inner join core.touches using (touch_key)
    inner join metrics.selected_clients on touch_kinds.client_key = selected_clients.client_key
    where
        touch_kinds.held_on <= $as_of
        and ($client_id is null or selected_clients.client_id = $client_id)
        and ($kind is null or touch_kinds.kind = $kind)
        and ($reason is null or touch_kinds.reason = $reason)
        and ($since is null or touch_kinds.held_on >= $since)
        and ($till is null or touch_kinds.held_on <= $till)
        and (not coalesce($contacts, false) or touch_kinds.is_contact)
        and ($channel is null or coalesce(touches.channel, '') = $channel)
        and ($type is null or coalesce(touches.type, '') = $type)
        and (
            $wording is null
            or $wording
            = coalesce(fold_text(coalesce(touches.subject, left(coalesce(touches.text, touches.result), 60))), '')
        )

),

final as (

    select
        found.* exclude (sheet_id),
        sources.file,
        sources.sheet
    from found
    left join core.sources using (sheet_id)
    qualify row_number() over (order by found.held_on desc, found.touch_key desc) <= coalesce($row_limit, 1000000000)

)

select * from final
order by held_on desc, held_at desc, client_id asc, row_number asc

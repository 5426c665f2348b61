-- Activities with known clients. Sorted for questions by client and day.
-- is_personal: call, meeting, video; an automatic mailing never is (METHOD 2.3).
-- given_manager: the manager's name as the row has it, where it is another spelling.
-- rows of: core.touch_rows
-- grain: one row per kept row of a touches sheet
select
    cast(row_number() over (
        order by
            touch_rows.client_key asc, touch_rows.held_on asc, touch_rows.held_at asc,
            touch_rows.sheet_id asc, touch_rows.row_number asc
    ) as integer) as touch_key,
    touch_rows.client_key,
    touch_rows.held_on,
    touch_rows.held_at,
    touch_rows.created_at,
    touch_rows.touch_id,
    touch_rows.channel,
    touch_rows.type,
    touch_rows.status,
    touch_rows.given_kind,
    touch_rows.given_reason,
    touch_rows.subject,
    touch_rows.text,
    touch_rows.result,
    people.person as manager,
    case when touch_rows.manager <> people.person then touch_rows.manager end as given_manager,
    touch_rows.contact,
    touch_rows.order_id,
    touch_rows.deal_id,
    touch_rows.minutes,
    touch_rows.sku,
    touch_rows.event_name,
    touch_wordings.wording_key,
    coalesce(
        regexp_matches(
            touch_rows.channel_words || touch_rows.type_words,
            ' (звон|телефон|созвон|встреч|визит|видео|презентац|переговор|выезд|call|phone|meeting|visit|video|zoom|skype|event)'
        )
        and not is_mailing(touch_rows.channel_words || touch_rows.type_words || touch_words(touch_rows.subject, null, null)),
        false
    ) as is_personal,
    touch_rows.extra,
    touch_rows.sheet_id,
    touch_rows.row_number
from core.touch_rows
inner join core.touch_wordings using (channel_words, type_words, status_words, subject_words)
left join core.people on touch_rows.manager = people.form
where touch_rows.reason is null
order by touch_key asc

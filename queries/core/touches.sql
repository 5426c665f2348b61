-- Activities with known clients. Sorted for questions by client and day.
-- is_personal: call, meeting, video; an automatic mailing never is (METHOD 2.3).
-- grain: one row per kept row of a touches sheet
select
    cast(row_number() over (order by client_key asc, held_on asc, held_at asc, sheet_id asc, row_number asc) as integer) as touch_key,
    client_key,
    held_on,
    held_at,
    created_at,
    touch_id,
    channel,
    type,
    status,
    given_kind,
    given_reason,
    subject,
    text,
    result,
    manager,
    contact,
    order_id,
    deal_id,
    minutes,
    sku,
    event_name,
    touch_wordings.wording_key,
    coalesce(
        regexp_matches(
            channel_words || type_words,
            ' (звон|телефон|созвон|встреч|визит|видео|презентац|переговор|выезд|call|phone|meeting|visit|video|zoom|skype|event)'
        )
        and not regexp_matches(
            channel_words || type_words || touch_words(subject, null, null),
            ' (рассыл|автомат|робот|mailing|newsletter|auto|bot)'
        ),
        false
    ) as is_personal,
    extra,
    sheet_id,
    row_number
from core.touch_rows
inner join core.touch_wordings using (channel_words, type_words, status_words, subject_words)
where reason is null
order by touch_key asc

-- Which clients are key ones, and by which of the criteria. METHOD 6.
-- Key: in management's list, or at least so many of the others (2): known brand, large potential, new promising segment or
-- region, active in the media, uses a rival, own criteria. Large potential is the high potential of the classes where a
-- potential is known; what no sheet says is not met: the flags are null there.
-- grain: one row per known client
-- params: as_of date
with

judged as (

    select
        client_classes.client_key,
        clients.is_brand,
        case when client_classes.potential is not null then client_classes.is_high_potential end as is_large,
        clients.is_new_segment,
        clients.is_in_media,
        clients.uses_rival,
        key_marks.own_criteria,
        key_marks.is_listed
    from metrics.client_classes
    inner join core.clients using (client_key)
    inner join ref.key_marks using (client_key)

),

counted as (

    select
        *,
        cast(coalesce(is_brand, false) as integer)
        + cast(coalesce(is_large, false) as integer)
        + cast(coalesce(is_new_segment, false) as integer)
        + cast(coalesce(is_in_media, false) as integer)
        + cast(coalesce(uses_rival, false) as integer)
        + cast(len(own_criteria) as integer) as criteria_count
    from judged

),

final as (

    select
        *,
        is_listed or criteria_count >= norm('key_min_criteria') as is_key
    from counted

)

select * from final

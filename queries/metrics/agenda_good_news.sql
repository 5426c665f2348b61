-- Agenda: good news to tell clients, of the last report interval (D − 7, D]. METHOD 8 names it and leaves the list to us:
-- promises that we kept on time or as agreed (a line per client), a client that came back, became loyal, or rose in class
-- (by the same basis as then, and because its revenue grew). Money: the client's revenue.
-- grain: one row per client and piece of news
-- params: as_of date
with

dates as (

    select $as_of - cast(norm('report_days') as integer) as as_of

),

before as (

    select
        client_stages.client_key,
        client_stages.status,
        client_classes.class,
        client_classes.basis,
        client_classes.revenue
    from dates
    cross join metrics.client_stages__each as client_stages
    cross join metrics.client_classes__each as client_classes
    where client_stages.client_key = client_classes.client_key

),

kept as (

    select
        client_key,
        'good_promise_kept' as news,
        to_json({
            'count': count(*),
            'text': arg_max(coalesce(text, promise_id), (done_on, promise_id)),
            'done_on': max(done_on)
        }) as facts
    from metrics.promise_states
    where
        state in ('kept_on_time', 'kept_as_agreed')
        and done_on > $as_of - cast(norm('report_days') as integer)
    group by client_key

),

stages as (

    select
        client_stages.client_key,
        'good_' || client_stages.status as news,
        to_json({ 'count': client_stages.last_interval_days, 'orders': client_stages.order_count }) as facts
    from metrics.client_stages
    inner join before using (client_key)
    where client_stages.status in ('returned', 'loyal') and client_stages.status <> before.status

),

classes as (

    select
        client_classes.client_key,
        'good_class_up' as news,
        to_json({ 'class_before': before.class, 'class': client_classes.class }) as facts
    from metrics.client_classes
    inner join before using (client_key)
    where
        client_classes.basis = before.basis
        and client_classes.revenue > before.revenue
        and list_position(['A+', 'A', 'B', 'C', 'D'], client_classes.class)
        < list_position(['A+', 'A', 'B', 'C', 'D'], before.class)

),

news as (

    select * from kept
    union all
    select * from stages
    union all
    select * from classes

),

final as (

    select
        news.client_key,
        clients.client_id,
        news.news || ':' || clients.client_id as item,
        cast(null as varchar) as owner,
        client_stakes.revenue as money,
        news.news as reason_code,
        news.facts,
        case
            when news.news = 'good_promise_kept'
                then to_json({
                    'mart': 'marts.promise_list', 'params': { 'client_id': clients.client_id, 'scope': 'kept' }
                })
            else to_json({ 'mart': 'marts.evidence_orders', 'params': { 'client_id': clients.client_id } })
        end as evidence
    from news
    inner join core.clients using (client_key)
    inner join metrics.client_stakes using (client_key)

)

select * from final

-- What a deal's or document's status says: 'won', 'open', 'lost', 'cancelled'; null where it says nothing that is known.
create or replace macro deal_state(value) as
case
    when value is null then null
    when
        regexp_matches(fold_text(value), '(^| )(не реализован|провал|lost|lose|проигран|отказ|закрыто и не реализовано|closedlost)')
        then 'lost'
    when regexp_matches(fold_text(value), '(^| )(отмен|аннулир|сторно|удален|cancel|void|не проведен)') then 'cancelled'
    when
        regexp_matches(
            fold_text(value),
            '(^| )(успех|успешн|won|closedwon|выигран|оплачен|проведен|отгружен|выполнен|закрыт|завершен|доставлен|paid|shipped|completed|complete|done|delivered|closed|invoiced|fulfilled|posted|sale|sales order)'  -- noqa: LT05
        )
        and not regexp_matches(fold_text(value), '(^| )(не|частично не|not|un[a-z]+) ') then 'won'
    when
        regexp_matches(
            fold_text(value),
            '(^| )(нов|в работе|подготов|переговор|согласов|квалиф|первичн|предложен|черновик|ожида|ждет|ждем|счет|выставлен|коммерческ|к выполнению|new|open|prospect|engag|qualif|propos|negotiat|prepar|execut|draft|pending|quot|contract sent|appointment|presentation|decision|in progress|неразобран)'  -- noqa: LT05
        )
        then 'open'
end

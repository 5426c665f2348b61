-- What a deal's or document's status says: 'won', 'open', 'lost', 'cancelled'; null where it says nothing that is known.
-- The lambda binds the folded text once: a macro works its argument out anew wherever it stands.
create or replace macro deal_state(value) as
list_transform([fold_text(value)], lambda said: case
    when said is null then null
    when
        regexp_matches(said, '(^| )(не реализован|провал|lost|lose|проигран|отказ|закрыто и не реализовано|closedlost)')
        then 'lost'
    when regexp_matches(said, '(^| )(отмен|аннулир|сторно|удален|cancel|void|не проведен)') then 'cancelled'
    when
        regexp_matches(
            said,
            '(^| )(успех|успешн|won|closedwon|выигран|оплачен|проведен|отгружен|выполнен|закрыт|реализован|завершен|доставлен|paid|shipped|completed|complete|done|delivered|closed|invoiced|fulfilled|posted|sale|sales order)'  -- noqa: LT05
        )
        and not regexp_matches(said, '(^| )(не|частично не|not|un[a-z]+) ') then 'won'
    when
        regexp_matches(
            said,
            '(^| )(нов|в работе|подготов|переговор|согласов|квалиф|первичн|предложен|черновик|ожида|ждет|ждем|счет|выставлен|коммерческ|к выполнению|new|open|prospect|engag|qualif|propos|negotiat|prepar|execut|draft|pending|quot|contract sent|appointment|presentation|decision|in progress|неразобран)'  -- noqa: LT05
        )
        then 'open'
end)[1]

-- What the status of a task says of the promise: 'done', 'cancelled', else null (still open; put off is not cancelled).
create or replace macro promise_status(value) as
case
    when regexp_matches(fold_text(value), '(^| )(отмен|отклонен|аннулир|cancel|declin|reject)') then 'cancelled'
    when
        regexp_matches(
            fold_text(value),
            '(^| )(завершен|выполнен|сделан|исполнен|закрыт|готов|done|completed|complete|closed|finished|held|да|true)( |$|а|о|ы)'
        )
        and not regexp_matches(fold_text(value), '(^| )(не|not|почти|almost) ')
        then 'done'
end

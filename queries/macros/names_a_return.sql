-- Whether the kind of a document is that of a return: its amount lowers revenue however it is written.
create or replace macro names_a_return(value) as
regexp_matches(fold_text(value), '(^| )(возврат|return|refund|credit|сторно)')

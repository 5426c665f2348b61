-- Whether a cell about a postponement (explanation, apology) says that there was one: filled in and not "no".
create or replace macro is_said(value) as
value is not null and parse_flag(value) is distinct from false and fold_text(value) <> ''

-- Promises as each export shows them, typed. A promise without an id is known by its client, text and day it was made,
-- however many spaces an export puts around and between them.
-- grain: one row per row of a promises sheet (a promise moved twice may have two)
with

typed as (

    select
        sheet_id,
        row_number,
        client_ref(client_id, client, tax_id) as client_ref,
        parse_id(promise_id) as given_id,
        plain_text(text) as text,
        clean_text(owner) as owner,
        parse_date(made_on, style.made_on) as made_on,
        parse_date(original_due_on, style.original_due_on) as original_due_on,
        parse_date(due_on, style.due_on) as due_on,
        parse_date(done_on, style.done_on) as done_on,
        clean_text(status) as status,
        parse_date(moved_on, style.moved_on) as moved_on,
        clean_text(explanation) as explanation,
        clean_text(apology) as apology,
        parse_date(new_due_on, style.new_due_on) as new_due_on,
        clean_text(told_by) as told_by,
        made_on as made_on_text,
        original_due_on as original_due_on_text,
        due_on as due_on_text,
        done_on as done_on_text,
        moved_on as moved_on_text,
        new_due_on as new_due_on_text,
        extra
    from raw.promises

),

final as (

    select
        *,
        coalesce(
            given_id,
            case
                when text is not null
                    then clean_text(concat_ws(' · ', replace(client_ref, chr(31), ' '), text, strftime(made_on, '%Y-%m-%d')))
            end
        ) as promise_id
    from typed

)

select * from final

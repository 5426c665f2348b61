"""What a load changes, as SQL: which of its rows are new, which were changed, which are gone from the export.

Rows are compared as the files wrote them, cell by cell: first whole rows, then what is left by what identifies a row.
Text only: kam.build runs it.
"""

from __future__ import annotations

from collections.abc import Collection

from kam.stored import EXTRA, quote
from kam.tables import TableSpec

SHOWN = 1000
LABELS = ("client", "client_name", "client_id", "name", "date", "held_on", "text", "product", "due_on", "amount")


def prints(spec: TableSpec, compared: Collection[str]) -> str:
    """The rows of the load ($new: its sheets) and those before it, each as one number beside what identifies it.

    `compared`: the columns that make two rows equal.
    For an event table the rows before are those taken out (work.taken); for a state table those of the load before.
    """
    content = ", ".join(f"cast({quote(name)} as varchar)" for name in (*spec.columns, EXTRA) if name in compared)
    return f"""
    select
        fingerprint,
        is_fresh,
        sheet_id,
        row_number,
        {_identity(spec)} as identity,
        hash({content}) as content
    from (
        select *, true as is_fresh from ({_fresh(spec)})
        union all
        select *, false as is_fresh from ({_old(spec)})
    )
    inner join raw.sheets using (sheet_id)
    """


def balance() -> str:
    """How often each content stands among the rows of the load and among those before it (of work.prints)."""
    return """
    select
        fingerprint,
        content,
        count(*) filter (where is_fresh) as fresh_count,
        count(*) filter (where not is_fresh) as old_count
    from work.prints
    group by fingerprint, content
    """


def differences() -> str:
    """The rows that no equal row was found for (of work.prints and work.balance), each with the one it takes the place of.

    Columns: fingerprint, change ('changed', 'new', 'gone'), fresh_sheet, fresh_row, old_sheet, old_row.
    """
    return """
    with surplus as (
        select
            prints.*,
            row_number() over (
                partition by prints.fingerprint, prints.content, prints.is_fresh
                order by prints.sheet_id, prints.row_number
            ) as number,
            least(balance.fresh_count, balance.old_count) as matched
        from work.prints as prints
        inner join work.balance as balance using (fingerprint, content)
        where balance.fresh_count <> balance.old_count
    ),
    unmatched as (
        select
            *,
            row_number() over (
                partition by fingerprint, identity, is_fresh order by sheet_id, row_number
            ) as identity_number
        from surplus
        where number > matched
    ),
    fresh as (select * from unmatched where is_fresh),
    old as (select * from unmatched where not is_fresh)
    select
        coalesce(fresh.fingerprint, old.fingerprint) as fingerprint,
        case when old.sheet_id is null then 'new' when fresh.sheet_id is null then 'gone' else 'changed' end as change,
        fresh.sheet_id as fresh_sheet,
        fresh.row_number as fresh_row,
        old.sheet_id as old_sheet,
        old.row_number as old_row
    from fresh
    full join old
        on
            fresh.fingerprint = old.fingerprint
            and fresh.identity = old.identity
            and fresh.identity_number = old.identity_number
    """


def shown(spec: TableSpec) -> str:
    """The changes (of work.differences) of one source, at most SHOWN: change, row_number, label, column_name, before, after.

    The row is that of the file that has it. A changed row has a line for each cell that differs.
    """
    differing = ", ".join(f"{{'column_name': '{name}', 'before': old.{quote(name)}, 'after': fresh.{quote(name)}}}" for name in spec.columns)
    return f"""
    with wanted as (
        select * from work.differences
        where fingerprint = $fingerprint
        order by case change when 'gone' then 1 when 'changed' then 2 else 3 end, coalesce(fresh_row, old_row)
        limit {SHOWN}
    ),
    before as ({_old(spec)}),
    cells as (
        select
            wanted.change,
            coalesce(wanted.fresh_row, wanted.old_row) as row_number,
            {_label(spec)} as label,
            unnest(case
                when wanted.change = 'changed'
                    then list_filter([{differing}], lambda cell: cell.before is distinct from cell.after)
                else [{{'column_name': null, 'before': null, 'after': null}}]
            end) as cell
        from wanted
        left join raw.{spec.name} as fresh
            on wanted.fresh_sheet = fresh.sheet_id and wanted.fresh_row = fresh.row_number
        left join before as old on wanted.old_sheet = old.sheet_id and wanted.old_row = old.row_number
    )
    select change, row_number, label, cell.column_name as column_name, cell.before as before, cell.after as after
    from cells
    order by case change when 'gone' then 1 when 'changed' then 2 else 3 end, row_number
    limit {SHOWN}
    """


def _fresh(spec: TableSpec) -> str:
    return f"select * from raw.{spec.name} where list_contains($new, sheet_id)"


def _old(spec: TableSpec) -> str:
    if spec.kind == "event":
        return "select * from work.taken"
    last = (
        f"select fingerprint, max(load_id) as load_id from raw.sheets where table_name = '{spec.name}' "
        "and not list_contains($new, sheet_id) group by fingerprint"
    )
    rows = f"select * from raw.{spec.name} union all select * from work.taken"
    return f"select rows.* from ({rows}) as rows inner join raw.sheets using (sheet_id) inner join ({last}) as last using (fingerprint, load_id)"


def _identity(spec: TableSpec) -> str:
    """What tells one row from another; null where nothing does, then a row is only equal or not."""
    alternatives = (_together(spec, names) for names in spec.identity)
    return f"coalesce({', '.join(alternatives)}, null)"


def _together(spec: TableSpec, names: tuple[str, ...]) -> str:
    """Words however they are spaced, ids as they stand."""
    said = (f"clean_text({quote(name)})" if spec.columns[name] == "text" else quote(name) for name in names)
    return " || chr(31) || ".join(said)


def _label(spec: TableSpec) -> str:
    named = [*(name for group in spec.identity[:1] for name in group), *LABELS]
    known = list(dict.fromkeys(name for name in named if name in spec.columns))
    parts = (f"coalesce(fresh.{quote(name)}, old.{quote(name)})" for name in known)
    return f"concat_ws(' · ', {', '.join(parts)})"

"""Whether a load holds rows that stand in the dataset already, under other headers or in another sheet, as SQL.

A column added to an export makes it another source by its headers, and the same rows twice double every figure. Rows are
held against each other one for one, by what is told of a client's day: money with its goods, or words. Where both have
keys, equal rows have equal keys: shops sell the same things for the same money. Text only.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from kam.stored import quote, with_styles
from kam.tables import TableSpec

# So many of the rows of the same days found again: it is the same export. From the lower share on it is worth saying.
SAME_SHARE = 0.8
SAID_SHARE = 0.2
_CLIENTS = ("client", "client_id", "tax_id")
_KIND = "document_type"

# Parties are compared, each told by its first sheet, the later with the earlier ones. $new: the sheet ids of the load.
_OLD = "min(sheet_id) over (partition by fingerprint)"
# Sources that were there before and are not in the load, which replaces their days by itself.
OLD_SOURCES = (
    f"select sheet_id, {_OLD} as party from raw.sheets where not list_contains($new, sheet_id) "
    "and fingerprint not in (select fingerprint from raw.sheets where list_contains($new, sheet_id))"
)
# Sources of the load that were never there before.
NEW_SOURCES = (
    f"select sheet_id, {_OLD} as party from raw.sheets where list_contains($new, sheet_id) "
    "and fingerprint not in (select fingerprint from raw.sheets where not list_contains($new, sheet_id))"
)
NEW_SHEETS = "select sheet_id, sheet_id as party from raw.sheets where list_contains($new, sheet_id)"


def found_again(spec: TableSpec, earlier: str, later: str) -> str:
    """How many rows of the `earlier` parties lie in the days of a `later` one, and how many of them it has too.

    Columns: later, earlier (the first sheet of each), starts_on and ends_on of the later, rows, found; pairs without a row
    found are left out. Rows are read only for parties whose days meet.
    """
    day = f"parse_date({quote(spec.date or '')}, style.{spec.date})"
    columns = {name for name in (spec.key, spec.date, *_CLIENTS, *chain(*spec.told_by), _KIND) if name is not None and name in spec.columns}
    rows = f"(select sheet_id, row_number, style_code, {', '.join(map(quote, sorted(columns)))} from raw.{spec.name}) as held"
    sql = f"""
    with earlier_parties as ({earlier}),
    later_parties as ({later}),
    days as (select sheet_id, min({day}) as starts_on, max({day}) as ends_on from {rows} group by sheet_id),
    earlier_days as (
        select party, min(starts_on) as starts_on, max(ends_on) as ends_on
        from days inner join earlier_parties using (sheet_id) group by party
    ),
    later_days as (
        select party, min(starts_on) as starts_on, max(ends_on) as ends_on
        from days inner join later_parties using (sheet_id) group by party
    ),
    pairs as (
        select later_days.party as later, earlier_days.party as earlier, later_days.starts_on, later_days.ends_on
        from later_days
        inner join earlier_days
            on earlier_days.party < later_days.party
            and earlier_days.starts_on <= later_days.ends_on and earlier_days.ends_on >= later_days.starts_on
    ),
    beside as (
        select pairs.later, pairs.earlier, pairs.starts_on, pairs.ends_on, unnest({_marks(spec, day)}) as mark, count(*) as rows
        from {rows}
        inner join earlier_parties using (sheet_id)
        inner join pairs on earlier_parties.party = pairs.earlier and {day} between pairs.starts_on and pairs.ends_on
        group by pairs.later, pairs.earlier, pairs.starts_on, pairs.ends_on, mark
    ),
    own as (
        select party as later, unnest({_marks(spec, day)}) as mark, count(*) as rows
        from {rows}
        inner join later_parties using (sheet_id)
        where party in (select later from pairs)
        group by party, mark
    ),
    keyed as (select distinct later from own where mark.kind = '{spec.key}' and mark.print is not null),
    met as (
        select beside.* exclude (mark, rows), beside.mark.kind as kind, sum(beside.rows) as rows,
            sum(beside.rows) filter (where beside.mark.print is not null) as told,
            sum(least(beside.rows, coalesce(own.rows, 0))) filter (where beside.mark.print is not null) as found
        from beside
        left join own using (later, mark)
        group by all
    ),
    judged as (
        select *, later in (select later from keyed)
            and coalesce(bool_or(kind = '{spec.key}' and told > 0) over (partition by later, earlier), false) as have_keys
        from met
    )
    select later, earlier, starts_on, ends_on, max(rows)::bigint as rows, max(found)::bigint as found
    from judged
    where not have_keys or kind = '{spec.key}'
    group by all
    having max(found) > 0
    order by later, earlier
    """
    return with_styles(sql, spec)


def of_days(spec: TableSpec) -> str:
    """The condition on rows of raw.<table> that lie in the days from the first value to the second."""
    return with_styles(f"parse_date({quote(spec.date or '')}, style.{spec.date}) between ? and ?", spec)


def _marks(spec: TableSpec, day: str) -> str:
    """What a row is found again by, of each kind one: its day with what is told of it and its key, or a name of the client."""
    moment = quote(spec.date or "")
    # A moment tells a touch without words from others of the day.
    groups = [*(_together(spec, group) for group in spec.told_by), f"case when contains({moment}, ':') then {moment} end"]
    told = f"coalesce({', '.join(groups)})" + (f" || coalesce(names_a_return({_KIND}), false)" if _KIND in spec.columns else "")
    prints = {name: f"{quote(name)} || chr(31) || {told}" for name in (*_CLIENTS, spec.key) if name is not None}
    marks = (f"{{'kind': '{kind}', 'print': if({text} is null, null, hash({day}, {text}))}}" for kind, text in prints.items())
    return f"[{', '.join(marks)}]"


def _together(spec: TableSpec, names: Sequence[str]) -> str:
    """Cells in the form they have in any file: 1 200,00 and 1200 are one amount. Null where one of them is."""
    is_figure = {name: spec.columns[name] in ("amount", "number") for name in names}
    said = (f"cast(parse_number({name}, style.{name}) as varchar)" if is_figure[name] else quote(name) for name in names)
    return " || chr(31) || ".join(said)

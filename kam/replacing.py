"""Which rows a load takes the place of, as SQL conditions (INPUTS, loading): the same file, the same keys, the same period.

Text only: kam.build runs it.
"""

from __future__ import annotations

from kam.stored import quote, with_styles
from kam.tables import TableSpec

MODES = ("replace-period", "add", "replace-all")


def conditions(spec: TableSpec, mode: str) -> list[str]:
    """Conditions on `old` rows of raw.<table> that a load in this mode takes out; $new: the sheet ids of the load."""
    older = "not list_contains($new, old.sheet_id)"
    mine = f"select * from raw.sheets where table_name = '{spec.name}' and list_contains($new, sheet_id)"
    if mode == "replace-all":
        return [f"{older} and exists ({mine})"]
    same_file = (
        f"{older} and old.sheet_id in (select other.sheet_id from raw.sheets as other inner join ({mine}) as mine "
        "on other.file_hash = mine.file_hash and other.sheet = mine.sheet"
        f"{' and other.captured_on = mine.captured_on' if spec.kind == 'state' else ''})"
    )
    if spec.kind == "state":
        return [same_file]
    return [same_file, _same_key(spec, older, mine), *([_same_period(spec, older, mine)] if mode == "replace-period" else [])]


def _same_key(spec: TableSpec, older: str, mine: str) -> str:
    source = "(select fingerprint from raw.sheets where raw.sheets.sheet_id = old.sheet_id)"
    return (
        f"{older} and old.{spec.key} is not null and (old.{spec.key}, {source}) in "
        f"(select fresh.{spec.key}, mine.fingerprint from raw.{spec.name} as fresh "
        f"inner join ({mine}) as mine using (sheet_id) where fresh.{spec.key} is not null)"
    )


def _same_period(spec: TableSpec, older: str, mine: str) -> str:
    day = f"parse_date({{0}}.{quote(spec.date or '')}, {{0}}.style.{spec.date})"
    period = (
        # A file may say that it covers more days than its rows have: those gone from it are gone.
        f"select mine.fingerprint, least(min({day.format('fresh')}), min(mine.covers_from)) as starts_on, "
        f"greatest(max({day.format('fresh')}), max(mine.covers_to)) as ends_on "
        f"from raw.{spec.name} as fresh inner join ({mine}) as mine using (sheet_id) group by mine.fingerprint"
    )
    inside = f"{day.format('old')} between period.starts_on and period.ends_on"
    condition = (
        f"{older} and exists (select 1 from ({period}) as period "
        f"inner join raw.sheets as source on source.fingerprint = period.fingerprint "
        f"where source.sheet_id = old.sheet_id and coalesce({inside}, {day.format('old')} is null))"
    )
    return with_styles(condition, spec)

"""What the data quality screen says: its figures with their evidence, the list of problems, what empty columns would give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st

from kam.formats import NOTHING
from kam.i18n import Translator
from kam.quality import NO_USE, uses
from kam.ui.evidence import Evidence
from kam.ui.figures import Figure
from kam.ui.frame import Screen
from kam.ui.sentences import with_sentence

FOUND_COLUMNS = ("problem", "severity", "row_count", "client_count", "money_affected", "distorts", "action")
CLEAN_COLUMNS = ("problem", "severity", "distorts")
UNCHECKED_COLUMNS = ("problem", "why_unchecked", "distorts")
TABLE_COLUMNS = (
    "table_name", "row_count", "flagged_count", "clean_share", "captured_on", "age_days", "is_old", "last_on", "file",
)  # fmt: skip
COVERAGE_COLUMNS = ("table_name", "optional_column", "filled_share", "filled_count", "row_count", "use")
SHEET_COLUMNS = ("filled_share", "filled_count", "row_count", "file", "sheet")
DELAY_COLUMNS = (
    "manager", "touch_count", "median_delay_days", "long_delay_days", "longest_delay_days", "late_count", "late_share",
)  # fmt: skip
HIDDEN = ("sheet_id",)
# Of most checks every column is shown; a pair of clients has more than a reader can take in.
SHOWN = {
    "undecided_clients": (
        "client_id", "client_name", "order_count", "amount", "other_client_id", "other_client_name", "other_order_count",
        "other_amount", "likeness",
    ),
}  # fmt: skip

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Data:
    """What the screen is made of: the checks, the tables, the filling of optional columns, entry delays, rejects."""

    problems: pa.Table
    tables: pa.Table
    columns: pa.Table
    delays: pa.Table
    rejects: pa.Table


def load(screen: Screen) -> Data:
    """Asks every question of the screen."""
    return Data(
        screen.fetch("marts.quality_problems"),
        screen.fetch("marts.quality_tables"),
        coverage(screen),
        screen.fetch("marts.entry_delay"),
        screen.fetch("marts.reject_reasons"),
    )


def coverage(screen: Screen) -> pa.Table:
    """The optional columns of the loaded tables, how full each is and what it gives."""
    table = screen.fetch("marts.column_coverage")
    keys = list(zip(table.column("table_name").to_pylist(), table.column("column_name").to_pylist(), strict=True))
    table = table.filter(pa.array([key in uses() for key in keys], pa.bool_()))
    table = with_sentence(table, "use", lambda row: screen.t(f"quality.uses.{uses()[row['table_name'], row['column_name']]}"))
    table = with_sentence(table, "optional_column", lambda row: screen.t(f"columns.{row['column_name']}"))
    table = with_sentence(table, "standing", lambda row: _standing(row["filled_share"]))
    # What would give a figure comes first: the emptiest of it on top, as the mart has it.
    gives = [uses()[key] != NO_USE for key in keys if key in uses()]
    return pa.concat_tables([table.filter(pa.array(gives)), table.filter(pc.invert(pa.array(gives)))])


def _standing(share: float) -> str:
    return "empty" if share == 0 else "full" if share == 1 else "partly"


def of_state(data: Data, state: str) -> pa.Table:
    """The checks that found something, found nothing or were not run, in the order of the mart."""
    return data.problems.filter(pc.equal(data.problems.column("check_state"), state))


def _total(table: pa.Table, name: str) -> int:
    return int(pc.sum(table.column(name)).as_py() or 0)


# Figures


def figures(screen: Screen, data: Data) -> list[Figure]:
    """The headline: problems, rows with findings, clean rows, the oldest table, the delay of entries."""
    t = screen.t
    tables = data.tables.to_pylist()
    rows, flagged = _total(data.tables, "row_count"), _total(data.tables, "flagged_count")
    counts = {
        "row_count": rows, "flagged_count": flagged, "clean_share": t.percent(1 - flagged / rows if rows else None, 1),
        "missing_count": of_state(data, "not_checked").num_rows,
        "checked_count": data.problems.num_rows - of_state(data, "not_checked").num_rows,
    }  # fmt: skip
    worst, oldest = tables[0], max(tables, key=lambda row: row["age_days"])

    def one(name: str, value: Any, kind: str, rows: Any, facts: Row, rule: str | None = None) -> Figure:
        said = Evidence(t(f"quality.{name}"), f"quality.evidence.{rule or name}", facts, rows)
        return Figure(f"quality.{name}", value, kind, said, f"quality.notes.{name}", tuple(facts.items()))

    def flagged_rows() -> pa.Table:
        return screen.fetch("marts.evidence_flagged")

    worst_facts = counts | {"table": t.value("table_name", worst["table_name"]), "share": t.percent(worst["clean_share"], 1)}
    found = of_state(data, "found").num_rows
    figures = [
        one("problem_count", found, "count", flagged_rows, counts, "flagged_count"),
        one("flagged_count", flagged, "count", flagged_rows, counts),
        one("clean_share", counts["clean_share"], "text", flagged_rows, worst_facts),
        one("oldest_days", oldest["age_days"], "count", data.tables.select(TABLE_COLUMNS), _age_facts(screen, oldest)),
    ]
    overall = _overall(data)
    if overall is None:
        return [*figures, Figure("quality.delay_days", None, note="quality.notes.no_delay")]
    behind = delay(screen, overall)
    late = {"late_count": overall["late_count"], "touch_count": overall["touch_count"]}
    note = ("quality.notes.delay_days", tuple(late.items()))
    return [*figures, Figure("quality.delay_days", overall["median_delay_days"], "number", behind, *note)]


def _overall(data: Data) -> dict[str, Any] | None:
    return next((row for row in data.delays.to_pylist() if row["is_all"]), None)


def _age_facts(screen: Screen, row: Row) -> dict[str, object]:
    return {
        "as_of": screen.as_of, "day": row["captured_on"], "age_days": row["age_days"], "last_on": row["last_on"] or NOTHING,
        "table": screen.t.value("table_name", row["table_name"]),
    }  # fmt: skip


# What a line, a bar or a point opens


def problem(screen: Screen, row: Row) -> Evidence:
    """The rows of one check, with what it looks for, what it distorts and what to do."""
    t, code = screen.t, row["problem"]
    money = t.money(row["money_affected"]) if row["money_affected"] is not None else t("quality.no_money")
    facts = {
        "what": t(f"quality.what.{code}", **_norms(screen)), "distorts": t(f"quality.distorts.{code}"),
        "action": t(f"quality.action.{code}"), "row_count": row["row_count"], "money": money,
        "client_count": NOTHING if row["client_count"] is None else row["client_count"],
    }  # fmt: skip
    return Evidence(t.value("problem", code), "quality.evidence.problem", facts, lambda: _rows(screen, f"checks.{code}"), SHOWN.get(code))


def _rows(screen: Screen, check: str) -> pa.Table:
    table = screen.fetch(check)
    return table.drop_columns([name for name in HIDDEN if name in table.column_names])


def _norms(screen: Screen) -> dict[str, object]:
    norms = {"bulk": "bulk_touches", "late_days": "entry_days", "age_days": "table_age_days"}
    return {name: screen.norm(key) for name, key in norms.items()}


def table(screen: Screen, row: Row) -> Evidence:
    """The rows of one table that some check names; of a clean one its age."""
    t, name = screen.t, row["table_name"]
    title = t.value("table_name", name)
    if not row["flagged_count"]:
        return Evidence(title, "quality.evidence.age", _age_facts(screen, row))
    facts = dict(row) | {"clean_share": t.percent(row["clean_share"], 1)}
    return Evidence(
        title, "quality.evidence.clean_share", facts, lambda: screen.fetch("marts.evidence_flagged", table_name=name)
    )


def table_point(screen: Screen, data: Data, point: Row) -> Evidence | None:
    """What a clicked bar of a table opens."""
    code = _first(point)
    return next((table(screen, row) for row in data.tables.to_pylist() if row["table_name"] == code), None)


def column(screen: Screen, row: Row) -> Evidence:
    """How full a column is in each sheet, and what it gives."""
    t = screen.t
    name = t("quality.column", column=row["optional_column"], table=t.value("table_name", row["table_name"]))
    facts = {
        "column": row["optional_column"], "table": t.value("table_name", row["table_name"]), "use": row["use"],
        "filled_count": row["filled_count"], "row_count": row["row_count"], "filled_share": t.percent(row["filled_share"]),
    }  # fmt: skip
    sheets = screen.fetch("checks.column_coverage")
    mine = pc.and_(
        pc.equal(sheets.column("table_name"), row["table_name"]), pc.equal(sheets.column("column_name"), row["column_name"])
    )
    rows = sheets.filter(pc.and_(mine, pc.is_valid(sheets.column("sheet_id"))))
    return Evidence(name, "quality.evidence.column", facts, rows, SHEET_COLUMNS)


def column_point(screen: Screen, data: Data, point: Row) -> Evidence | None:
    """What a clicked part of a table's bar opens: its columns that stand so."""
    name, standing = list(point.get("customdata") or [None, None])[:2]
    mine = pc.and_(pc.equal(data.columns.column("table_name"), name), pc.equal(data.columns.column("standing"), standing))
    rows = data.columns.filter(mine)
    if not rows.num_rows:
        return None
    facts = {"table": screen.t.value("table_name", name), "standing": screen.t(f"quality.chart.{standing}")}
    return Evidence(str(facts["table"]), "quality.evidence.columns", facts, rows, COVERAGE_COLUMNS[1:])


def delay(screen: Screen, row: Row) -> Evidence:
    """The late entries of one manager, or of all."""
    t = screen.t
    facts = _norms(screen) | {
        "touch_count": row["touch_count"], "late_count": row["late_count"], "late_share": t.percent(row["late_share"]),
        "median": t.number(row["median_delay_days"], 1), "long": t.number(row["long_delay_days"], 1),
        "longest": row["longest_delay_days"],
    }  # fmt: skip

    def rows() -> pa.Table:
        late = _rows(screen, "checks.late_entries")
        return late if row["is_all"] else late.filter(_is(late.column("manager"), row["manager"]))

    title = t("quality.delay_days") if row["is_all"] else row["manager"] or t("quality.nobody")
    return Evidence(title, "quality.evidence.delay", facts, rows)


def _is(column: pa.ChunkedArray, value: str | None) -> pa.ChunkedArray:
    return pc.is_null(column) if value is None else pc.fill_null(pc.equal(column, value), False)


def delay_point(screen: Screen, data: Data, point: Row) -> Evidence | None:
    """What a clicked point of a manager opens."""
    name = _first(point)
    rows = (row for row in data.delays.to_pylist() if not row["is_all"] and row["manager"] == name)
    return next((delay(screen, row) for row in rows), None)


def reject_point(screen: Screen, data: Data, point: Row) -> Evidence | None:
    """What a clicked bar of a reason opens: its rows or cells, with the place in the file."""
    place = point.get("customdata")
    if not isinstance(place, list) or not place:
        return None
    row = data.rejects.slice(int(place[0]), 1).to_pylist()[0]
    t = screen.t
    rows = _rows(screen, "checks.rejected_rows" if row["column_name"] is None else "checks.unreadable_cells")
    for name in ("table_name", "reason", "column_name"):
        if name in rows.column_names:
            rows = rows.filter(_is(rows.column(name), row[name]))
    facts = {"table": t.value("table_name", row["table_name"]), "reason": t.value("reason", row["reason"])}
    return Evidence(str(facts["table"]), "quality.evidence.reject", facts | {"row_count": row["row_count"]}, rows)


def _first(point: Row) -> Any:
    data = point.get("customdata")
    return data[0] if isinstance(data, list) and data else data


# Lists


def lists(screen: Screen, data: Data) -> None:
    """The checks by what became of them, the columns and the tables, each in a tab that says how many there are."""
    counts = {state: of_state(data, state).num_rows for state in ("found", "not_checked", "clean")}
    if not counts["found"]:
        facts = {"count": counts["clean"], "missing_count": counts["not_checked"]}
        key = "quality.clean_partly" if counts["not_checked"] else "quality.clean"
        st.success(screen.t(key, **facts), icon=":material/task_alt:")
    counts |= {"columns": data.columns.num_rows, "tables": data.tables.num_rows}
    shown = [*counts, *(["delay"] if data.delays.num_rows else [])]
    places = st.tabs([screen.t(f"quality.tabs.{name}", count=counts.get(name, 0)) for name in shown])
    for place, name in zip(places, shown, strict=True):
        with place:
            screen.note(f"quality.tab_notes.{name}")
            _list(screen, data, name)


def _list(screen: Screen, data: Data, name: str) -> None:
    if name == "columns":
        screen.table(name, data.columns, columns=COVERAGE_COLUMNS, evidence=lambda row: column(screen, row))
    elif name == "tables":
        screen.table(
            name,
            data.tables,
            columns=TABLE_COLUMNS,
            evidence=lambda row: table(screen, row),
            totals=("row_count", "flagged_count"),
            search=False,
        )
    elif name == "delay":
        rows = data.delays.filter(pc.invert(data.delays.column("is_all")))
        screen.table(name, rows, columns=DELAY_COLUMNS, evidence=lambda row: delay(screen, row))
    else:
        _checks(screen, data, name)


def _checks(screen: Screen, data: Data, state: str) -> None:
    t = screen.t
    rows = with_sentence(of_state(data, state), "distorts", lambda row: t(f"quality.distorts.{row['problem']}"))
    rows = with_sentence(rows, "action", lambda row: t(f"quality.action.{row['problem']}"))
    rows = with_sentence(rows, "why_unchecked", lambda row: unchecked(t, row["missing"]))
    columns = {"found": FOUND_COLUMNS, "not_checked": UNCHECKED_COLUMNS, "clean": CLEAN_COLUMNS}[state]
    opens = (lambda row: problem(screen, row)) if state == "found" else None
    screen.table(state, rows, columns=columns, evidence=opens, search=False)


def unchecked(t: Translator, missing: str | None) -> str:
    """Says what a check lacks: the tables and columns ("touches", "touches.created_at")."""
    lacking = (missing or "").split(",")
    # A table that is not there lacks its columns too: to name both would say it twice.
    said = [name for name in lacking if "." not in name or name.split(".")[0] not in lacking]
    return t("quality.unchecked", what=", ".join(_thing(t, name) for name in said))


def _thing(t: Translator, name: str) -> str:
    table_name, _, column_name = name.partition(".")
    word = t.value("table_name", table_name)
    return t("quality.column", column=t(f"columns.{column_name}"), table=word) if column_name else word

"""What the promises screen says: its figures with their evidence, the story of one promise, its lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st

from kam.ui.evidence import Evidence
from kam.ui.figures import Figure
from kam.ui.frame import Screen
from kam.ui.sentences import with_sentence

GROUP_COLUMNS = (
    "group", "promise_count", "due_count", "kept_count", "keep_rate", "low_rate", "high_rate", "standing",
    "overdue_count", "overdue_revenue", "escalated_count", "silent_move_count", "called_rate", "undated_count",
    "cancelled_count",
)  # fmt: skip
COLUMNS = (
    "client_name", "text", "owner", "state", "due_on", "days_overdue", "working_days_overdue", "revenue", "class",
    "move_count", "silent_move_count", "original_due_on", "is_escalated", "manager",
)  # fmt: skip
OPEN_COLUMNS = (
    "client_name", "text", "owner", "due_on", "called_on", "call", "revenue", "class", "move_count", "silent_move_count",
)  # fmt: skip
DONE_COLUMNS = ("client_name", "text", "owner", "state", "original_due_on", "due_on", "done_on", "called_on", "class")
UNDATED_COLUMNS = ("client_name", "text", "owner", "made_on", "done_on", "revenue", "class")
MOVE_COLUMNS = (
    "client_name", "text", "moved_by", "from_due_on", "to_due_on", "moved_days", "moved_on", "state", "revenue", "class",
)  # fmt: skip
STORY_COLUMNS = (
    "row_kind", "day_on", "move", "from_due_on", "due_on", "postponement_score", "is_told_in_time", "has_explanation", "has_apology",
    "explanation", "told_by", "owner", "original_due_on", "done_on", "promise_status",
)  # fmt: skip
REQUEST_COLUMNS = (
    "client_name", "subject", "request_severity", "request_state", "received_on", "answer_on", "answer_working_days", "answer_hours",
    "answer_due_on", "waiting_working_days", "fixed_on", "manager", "class", "revenue",
)  # fmt: skip
TABS = {
    "overdue": COLUMNS, "upcoming": OPEN_COLUMNS, "escalated": COLUMNS, "ahead": OPEN_COLUMNS, "silent": MOVE_COLUMNS,
    "undated": UNDATED_COLUMNS, "groups": GROUP_COLUMNS, "all": COLUMNS,
}  # fmt: skip
PERCENTS = ("keep_rate", "low_rate", "high_rate", "called_rate", "overall_rate")

Row = Mapping[str, Any]


def summary(groups: pa.Table) -> dict[str, Any]:
    """The row of all of marts.promise_groups; zeros and unknowns where the filters leave no promise."""
    rows = [row for row in groups.to_pylist() if row["dimension"] == "all"]
    empty = {name: None if name in PERCENTS else 0 for name in groups.column_names}
    return rows[0] if rows else empty


def _facts(screen: Screen, row: Row) -> dict[str, object]:
    t = screen.t
    written = {name: t.percent(row[name]) for name in PERCENTS}
    return dict(row) | written | {"overdue_revenue": t.money_short(row["overdue_revenue"])}


def figures(screen: Screen, row: Row) -> list[Figure]:
    """The headline of marts.promise_groups; behind each the promises it was counted from."""
    t, facts = screen.t, _facts(screen, row)

    def one(name: str, kind: str, scope: str, columns: tuple[str, ...], mart: str = "marts.promise_list") -> Figure:
        def behind() -> Evidence:
            chosen = {} if mart == "marts.silent_moves" else {"scope": scope}
            return Evidence(
                t(f"promises.{name}"), f"promises.evidence.{name}", facts, screen.fetch(mart, **chosen), columns
            )  # fmt: skip

        return Figure(f"promises.{name}", row[name], kind, behind, f"promises.notes.{name}", tuple(facts.items()))

    return [
        one("overdue_count", "count", "overdue", COLUMNS),
        one("keep_rate", "percent", "due", DONE_COLUMNS),
        one("escalated_count", "count", "escalated", COLUMNS),
        one("silent_move_count", "count", "", MOVE_COLUMNS, "marts.silent_moves"),
        one("called_rate", "percent", "late", DONE_COLUMNS),
        one("ahead_count", "count", "ahead", OPEN_COLUMNS),
    ]


def group(screen: Screen, row: Row) -> Evidence:
    """The promises of one owner or class whose due has come, with the share kept on time."""
    title = row["group_name"] or screen.t(f"promises.no_{row['dimension']}")
    facts = _facts(screen, row) | {"standing": screen.t.value("standing", row["standing"])}
    chosen = {"dimension": row["dimension"], "group_name": row["group_name"], "scope": "due"}
    rule = "promises.evidence.group" if row["due_count"] else "promises.evidence.nothing_due"
    return Evidence(title, rule, facts, lambda: screen.fetch("marts.promise_list", **chosen), DONE_COLUMNS)


def group_point(screen: Screen, groups: pa.Table, dimension: str, point: Row) -> Evidence | None:
    """What a clicked point of an owner or class opens."""
    code = _first(point)
    rows = [row for row in groups.to_pylist() if row["dimension"] == dimension and row["group_name"] == code]
    return group(screen, rows[0]) if rows else None


def age_point(screen: Screen, ages: pa.Table, point: Row) -> Evidence | None:
    """What a clicked bar of an age opens: its overdue promises."""
    cell = list(point.get("customdata") or [])
    rows = [row for row in ages.to_pylist() if [row["measure"], row["bucket"]] == cell[:2]]
    if not rows:
        return None
    row, t = rows[0], screen.t
    facts = dict(row) | {"revenue": t.money(row["revenue"]), "bucket": t.value("ageing", row["bucket"])}
    chosen = {"scope": "overdue", "bucket": row["bucket"], "by_working": row["measure"] == "working"}
    title = t(f"promises.chart.{row['measure']}")
    return Evidence(title, "promises.evidence.age", facts, screen.fetch("marts.promise_list", **chosen), COLUMNS)


def promptness(screen: Screen) -> None:
    """How fast requests are answered (METHOD 5), or which sheet would tell."""
    screen.heading("promises.requests")
    if "requests" not in screen.tables:
        screen.note("promises.no_requests")
        screen.link("upload", "empty.go_upload")
        return
    row = screen.fetch("marts.request_summary").to_pylist()[0]
    screen.figures(_request_figures(screen, row), "requests")
    screen.table("requests", screen.fetch("marts.request_list"), columns=REQUEST_COLUMNS)


def _request_figures(screen: Screen, row: Row) -> list[Figure]:
    t = screen.t
    facts = dict(row) | {name: t.percent(row[name]) for name in ("answered_share", "low_rate", "high_rate")}
    facts |= {"median_hours": t.number(row["median_hours"], 1), "median_working_days": t.days(row["median_working_days"])}

    def one(name: str, kind: str, scope: str) -> Figure:
        def behind() -> Evidence:
            rows = screen.fetch("marts.request_list", scope=scope)
            return Evidence(t(f"promises.{name}"), f"promises.evidence.{name}", facts, rows, REQUEST_COLUMNS)

        return Figure(f"promises.{name}", row[name], kind, behind, f"promises.notes.{name}", tuple(facts.items()))

    return [
        one("answered_share", "percent", "all"),
        one("median_working_days", "days", "answered"),
        one("unnamed_count", "count", "unnamed"),
    ]


def _first(point: Row) -> Any:
    data = point.get("customdata")
    return data[0] if isinstance(data, list) and data else data


def promise(screen: Screen, row: Row) -> Evidence:
    """The story of one promise: its dues by the exports and the records, and the state that follows."""
    t = screen.t
    facts = dict(row) | {"state": t.value("state", row["state"]), "as_of": screen.as_of}
    score = row.get("postponement_score")
    facts |= {"score": t("promises.score", score=score) if score is not None else t("promises.no_score")}
    return Evidence(
        f"{row['client_name']}: {row['text'] or row['promise_id']}",
        f"promises.evidence.state_{row['state']}",
        facts,
        lambda: screen.fetch("marts.evidence_promise", promise_id=row["promise_id"]),
        STORY_COLUMNS,
        row["client_id"],
    )


def move(screen: Screen, row: Row) -> Evidence:
    """A silent move: what the exports said before and after."""
    rows = screen.fetch("marts.evidence_promise", promise_id=row["promise_id"])
    title = f"{row['client_name']}: {row['text'] or row['promise_id']}"
    return Evidence(title, "promises.evidence.move", dict(row), rows, STORY_COLUMNS, row["client_id"])


def lists(screen: Screen, groups: pa.Table) -> None:
    """The lists of promises, each in a tab that says how many there are."""
    row = summary(groups)
    counts = {
        "overdue": row["overdue_count"], "upcoming": row["upcoming_count"], "escalated": row["escalated_count"],
        "ahead": row["ahead_count"], "silent": row["silent_move_count"], "undated": row["undated_count"],
        "all": row["promise_count"],
    }  # fmt: skip
    places = st.tabs([screen.t(f"promises.tabs.{name}", count=counts.get(name, 0)) for name in TABS])
    for place, name in zip(places, TABS, strict=True):
        with place:
            screen.note(f"promises.tab_notes.{name}", cancelled=row["cancelled_count"])
            _list(screen, name, groups)


def _list(screen: Screen, name: str, groups: pa.Table) -> None:
    if name == "groups":
        owners = groups.filter(pc.equal(groups.column("dimension"), "owner"))
        named = with_sentence(owners, "group", lambda row: row["group_name"] or screen.t("promises.no_owner"))
        screen.table(name, named, columns=GROUP_COLUMNS, evidence=lambda row: group(screen, row))
    elif name == "silent":
        moves = screen.fetch("marts.silent_moves")
        screen.table(name, moves, columns=MOVE_COLUMNS, evidence=lambda row: move(screen, row))
    else:
        rows = screen.fetch("marts.promise_list", scope=None if name == "all" else name)
        screen.table(name, rows, columns=TABS[name], evidence=lambda row: promise(screen, row))

"""What the touches screen says: its figures with their evidence, the norm of a client with the values put in, its lists."""

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
    "group", "log", "measured_count", "served_share", "served_revenue_share", "owed_count", "personal_share",
    "mix", "preorder_rate", "over_count", "no_data_count", "sleeping_count",
)  # fmt: skip
CLIENT_COLUMNS = (
    "client_name", "class", "compliance", "touch_status", "norm_mandatory", "done_mandatory", "norm_standard",
    "done_standard", "norm_need", "done_need", "owed_count", "contact_count", "revenue", "status", "manager",
)  # fmt: skip
DUE_COLUMNS = (
    "client_name", "sentence", "kind", "next_touch_on", "class", "revenue", "owed_mandatory", "owed_need",
    "owed_standard", "status", "manager",
)  # fmt: skip
ROW_COLUMNS = ("client_name", "row_kind", "day_on", "kind", "counts", "reason", "is_personal", "channel", "subject", "amount")
TOUCH_COLUMNS = ("client_name", "held_on", "kind", "reason", "is_personal", "channel", "type", "subject", "manager")
PREORDER_COLUMNS = ("client_name", "ordered_on", "gap_days", "window_opens_on", "touched_on", "subject", "manager")
REASON_COLUMNS = (
    "reason", "touch_count", "client_count", "personal_count", "judged_count", "ordered_count", "effect_rate",
    "low_rate", "high_rate",
)  # fmt: skip
TABS = ("due", "below", "over", "groups", "clients")
EVERYBODY = {"manager": None, "segment": None, "region": None, "class": None}
PERCENTS = ("served_share", "served_revenue_share", "personal_share", "personal_target", "preorder_rate", "compliance")
MONEY = ("served_revenue", "measured_revenue")

Row = Mapping[str, Any]


def summary(groups: pa.Table) -> dict[str, Any]:
    """The row of all of marts.touch_groups."""
    return next(row for row in groups.to_pylist() if row["dimension"] == "all")


def _facts(screen: Screen, row: Row) -> dict[str, object]:
    t = screen.t
    written = {name: t.percent(row[name]) for name in PERCENTS} | {name: t.money_short(row[name]) for name in MONEY}
    return dict(row) | written


def figures(screen: Screen, row: Row) -> list[Figure]:
    """The headline of marts.touch_groups; behind each the clients, touches or intervals it was counted from."""
    t, facts = screen.t, _facts(screen, row)
    low = "_low" if row["mix"] is not None and row["mix"] < row["mix_target"] else ""

    def one(name: str, kind: str, mart: str, columns: tuple[str, ...], note: str = "", **params: object) -> Figure:
        def behind() -> Evidence:
            title, rule = t(f"touches.{name}"), f"touches.evidence.{name}"
            return Evidence(title, rule, facts, screen.fetch(mart, **params), columns)

        return Figure(f"touches.{name}", row[name], kind, behind, f"touches.notes.{name}{note}", tuple(facts.items()))

    clients, rows = "marts.touch_clients", "marts.evidence_compliance"
    return [
        one("served_share", "percent", clients, CLIENT_COLUMNS, scope="measured"),
        one("served_revenue_share", "percent", clients, CLIENT_COLUMNS, scope="measured"),
        one("owed_count", "count", clients, CLIENT_COLUMNS, scope="owing"),
        one("personal_share", "percent", rows, ROW_COLUMNS, contacts=True),
        one("preorder_rate", "percent", "marts.evidence_preorders", PREORDER_COLUMNS),
        one("mix", "number", rows, ROW_COLUMNS, low, contacts=True),
    ]


def group(screen: Screen, row: Row) -> Evidence:
    """The clients of one manager or class, with the share they make."""
    title = row["group_name"] or screen.t("touches.no_manager")
    is_silent = row["log"] == "nothing_logged"
    rule = "touches.evidence.nothing_logged" if is_silent else "touches.evidence.group"
    scope = "no_data" if is_silent else "measured"
    chosen = {"dimension": row["dimension"], "group_name": row["group_name"], "scope": scope}
    return Evidence(
        title, rule, _facts(screen, row), lambda: screen.fetch("marts.touch_clients", **chosen), CLIENT_COLUMNS
    )  # fmt: skip


def group_point(screen: Screen, groups: pa.Table, point: Row) -> Evidence | None:
    """What a clicked bar of a manager or class opens."""
    cell = list(point.get("customdata") or [])
    found = [row for row in groups.to_pylist() if [row["dimension"], row["group_name"]] == cell[:2]]
    return group(screen, found[0]) if found else None


def kind_point(screen: Screen, norms: pa.Table, point: Row) -> Evidence | None:
    """What a clicked kind of the norm opens: the clients with the norm of the kind."""
    code = next(iter(_cell(point)), None)
    found = [row for row in norms.to_pylist() if row["kind"] == code]
    if not found:
        return None
    facts = dict(found[0]) | {"share": screen.t.percent(found[0]["counted_share"])}
    columns = ("client_name", f"norm_{code}", f"done_{code}", f"counted_{code}", f"owed_{code}", "class", "manager")
    rows = screen.fetch("marts.touch_clients", scope="measured")
    return Evidence(screen.t.value("kind", code), "touches.evidence.kind", facts, rows, columns)


def log_point(screen: Screen, kinds: pa.Table, point: Row) -> Evidence | None:
    """What a clicked kind of the log opens: its activities of the last 12 months."""
    code = next(iter(_cell(point)), None)
    found = [row for row in kinds.to_pylist() if row["kind"] == code]
    if not found:
        return None
    rows = screen.fetch("marts.evidence_touches", kind=code, since=found[0]["since_on"])
    word = screen.t.value("kind", code)
    return Evidence(word, "touches.evidence.log", dict(found[0]) | {"kind": word}, rows, TOUCH_COLUMNS)


def reason(screen: Screen, row: Row) -> Evidence:
    """The touches with one reason, and how many of them an order followed."""
    t = screen.t
    names = ("effect_rate", "low_rate", "high_rate")
    facts = dict(row) | {name: t.percent(row[name]) for name in names} | {"reason": t.value("reason", row["reason"])}
    chosen = {"reason": row["reason"], "since": row["since_on"], "contacts": True}
    rule = "touches.evidence.reason" if row["is_enough"] else "touches.evidence.reason_few"
    return Evidence(
        facts["reason"], rule, facts, lambda: screen.fetch("marts.evidence_touches", **chosen), TOUCH_COLUMNS
    )  # fmt: skip


def reason_point(screen: Screen, reasons: pa.Table, point: Row) -> Evidence | None:
    """What a clicked reason opens."""
    code = next(iter(_cell(point)), None)
    found = [row for row in reasons.to_pylist() if row["reason"] == code]
    return reason(screen, found[0]) if found else None


def _cell(point: Row) -> list[Any]:
    data = point.get("customdata")
    return list(data) if isinstance(data, list) else [data]


def client(screen: Screen, row: Row) -> Evidence:
    """The norm of one client with its values put in, and the orders and touches of its window."""
    t = screen.t
    facts = dict(row) | {"compliance": t.percent(row["compliance"]), "status": t.value("touch_status", row["touch_status"])}
    rule = "touches.evidence.no_data" if row["touch_status"] == "no_data" else "touches.evidence.client"
    return Evidence(
        row["client_name"],
        rule,
        facts,
        lambda: screen.fetch("marts.evidence_compliance", client_id=row["client_id"], **EVERYBODY),
        tuple(name for name in ROW_COLUMNS if name != "client_name"),
        row["client_id"],
    )


def sentence(screen: Screen, row: Row) -> str:
    """Why the client is on the list of the week."""
    t = screen.t
    if row["why"] == "window":
        return t("touches.why.window", opens=row["window_opens_on"], expected=row["expected_order_on"])
    if row["why"] == "never":
        return t("touches.why.never", owed=row["owed_count"])
    return t(
        "touches.why.norm",
        last=row["last_contact_on"],
        total=t.number(row["norm_total"], 1),
        days=t.number(row["window_days"], 0),
    )


def lists(screen: Screen, groups: pa.Table, due: pa.Table) -> None:
    """The lists of clients, each in a tab that says how many there are."""
    row = summary(groups)
    counts = {"due": due.num_rows, "below": row["below_count"], "over": row["over_count"], "clients": row["client_count"]}
    places = st.tabs([screen.t(f"touches.tabs.{name}", count=counts.get(name, 0)) for name in TABS])
    for place, name in zip(places, TABS, strict=True):
        with place:
            screen.note(f"touches.tab_notes.{name}")
            _list(screen, name, groups, due)


def _list(screen: Screen, name: str, groups: pa.Table, due: pa.Table) -> None:
    if name == "due":
        table = with_sentence(due, "sentence", lambda row: sentence(screen, row))
        screen.table(name, table, columns=DUE_COLUMNS, evidence=lambda row: client(screen, row))
    elif name == "groups":
        managers = groups.filter(pc.equal(groups.column("dimension"), "manager"))
        named = with_sentence(managers, "group", lambda row: row["group_name"] or screen.t("touches.no_manager"))
        screen.table(name, named, columns=GROUP_COLUMNS, evidence=lambda row: group(screen, row))
    else:
        rows = screen.fetch("marts.touch_clients", scope=None if name == "clients" else name)
        screen.table(
            name, rows, columns=CLIENT_COLUMNS, evidence=lambda row: client(screen, row), totals=("owed_count", "revenue")
        )  # fmt: skip

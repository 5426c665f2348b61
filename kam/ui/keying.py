"""What the key clients screen says: its figures with their evidence, and the two lists that are kept in the app.

Management's list and the own criteria are dictionaries of the journal (key_list, key_criteria).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st

from kam.ui.evidence import Evidence
from kam.ui.figures import Figure
from kam.ui.frame import Screen

COLUMNS = (
    "client_name", "is_key", "criteria_count", "revenue", "manager", "class", "last_event_on", "is_forgotten", "coverage_share",
    "is_single_thread", "meeting_on", "is_meeting_due", "is_hollow", "is_listed", "is_brand", "is_large", "is_new_segment",
    "is_in_media", "uses_rival", "own_criteria",
)  # fmt: skip
EVENT_COLUMNS = ("lane", "day_on", "code", "subject", "person", "amount")
OFFERED = 500  # more clients than this are searched for first
YES, NO = "1", "0"

Row = Mapping[str, Any]


def figures(screen: Screen, cards: pa.Table, managers: pa.Table) -> list[Figure]:
    """The headline of marts.key_clients and marts.key_managers; behind each its rows."""
    keys = cards.filter(cards.column("is_key"))
    over = managers.filter(pc.greater(managers.column("over_count"), 0))

    def one(name: str, rows: pa.Table, columns: tuple[str, ...] = COLUMNS) -> Figure:
        facts = {"count": rows.num_rows, "all": keys.num_rows, "days": screen.norm("report_days"), "limit": screen.norm("key_manager_limit")}
        return Figure(f"key.{name}", rows.num_rows, "count", Evidence(screen.t(f"key.{name}"), f"key.evidence.{name}", facts, rows, columns))

    def hit(column: str) -> pa.Table:
        return keys.filter(pc.fill_null(keys.column(column), False))

    load_columns = ("manager_name", "key_client_count", "key_limit", "over_count", "forgotten_count", "revenue")
    return [
        one("key_count", keys),
        one("forgotten_count", hit("is_forgotten")),
        one("over_managers", over, load_columns),
        one("single_count", hit("is_single_thread")),
        one("hollow_count", hit("is_hollow")),
    ]


def manager_point(screen: Screen, managers: pa.Table, point: Row) -> Evidence | None:
    """What a clicked bar opens: the key clients of that manager."""
    data = point.get("customdata")
    name = data[0] if isinstance(data, list) else data
    rows = [row for row in managers.to_pylist() if row["manager_name"] == name]
    if not rows:
        return None
    found = screen.fetch("marts.key_clients", only_keys=True, of_manager=name)
    return Evidence(name or screen.t("key.nobody"), "key.evidence.manager", rows[0], found, COLUMNS)


def client(screen: Screen, row: Row) -> Evidence:
    """Why a client is a key one or not, and everything that happened with it."""
    words = ("is_listed", "is_brand", "is_large", "is_new_segment", "is_in_media", "uses_rival")
    met = [screen.t(f"columns.{name}") for name in words if row[name]] + [row["own_criteria"]] * bool(row["own_criteria"])
    facts = {"met": ", ".join(met) or "—", "count": row["criteria_count"], "needed": screen.norm("key_min_criteria")}
    rule = "key.evidence.is_key" if row["is_key"] else "key.evidence.is_none"
    rows = screen.fetch("marts.client_events", client_id=row["client_id"])
    return Evidence(row["client_name"], rule, facts, rows, EVENT_COLUMNS, row["client_id"])


# Management's list


def management(screen: Screen) -> None:
    """The list and the criteria of management: a manager of own clients has no part in them."""
    if screen.ws.scope is not None:
        return
    screen.heading("key.list")
    listing(screen)
    if screen.may_change:
        screen.heading("key.criteria")
        criteria(screen)


def listing(screen: Screen) -> None:
    """The clients that management put on its list or took off it, and the way to say so."""
    rows = screen.ws.dictionary("key_list")
    if screen.may_change:
        _adding(screen, rows)
    if not rows:
        screen.note("key.list_empty")
        return
    gone = _listed(screen, rows)
    if screen.may_change and st.button(screen.t("key.list_forget"), disabled=not gone):
        _keep(screen, "key_list", [row for place, row in enumerate(rows) if place not in gone])


def _adding(screen: Screen, rows: list[dict[str, str]]) -> None:
    t = screen.t
    screen.note("key.list_note")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = _choose(screen)
        note = st.text_input(t("key.list_reason"), key="key_reason")
        for code, name in ((YES, "list_add"), (NO, "list_off")):
            if st.button(t(f"key.{name}"), key=f"key_{name}", disabled=chosen is None) and chosen:
                kept = [row for row in rows if row["client_id"] != chosen]
                _keep(screen, "key_list", [*kept, {"client_id": chosen, "is_listed": code, "note": note}])


def _listed(screen: Screen, rows: list[dict[str, str]]) -> set[int]:
    """The list as a table; the places of the rows selected."""
    t = screen.t
    names = {row["client_id"]: row["client_name"] for row in screen.fetch("marts.client_list").to_pylist()}
    frame = pd.DataFrame(
        {
            "client": [names.get(row["client_id"], row["client_id"]) for row in rows],
            "listed": [t("key.on_list" if row["is_listed"] == YES else "key.off_list") for row in rows],
            "note": [row.get("note") or "" for row in rows],
        }
    )
    config = {"client": t("columns.client_name"), "listed": t("key.list"), "note": t("key.list_reason")}
    picked = st.dataframe(frame, hide_index=True, column_config=config, key="key_listed", on_select="rerun", selection_mode="multi-row")
    return set(picked["selection"]["rows"])


def _choose(screen: Screen) -> str | None:
    t = screen.t
    counted = screen.fetch("marts.client_list", row_limit=1).to_pylist()
    words = None
    if counted and counted[0]["client_count"] > OFFERED:
        words = st.text_input(t("client.search", count=counted[0]["client_count"]), key="key_words") or None
    rows = screen.fetch("marts.client_list", words=words, row_limit=OFFERED).to_pylist()
    names = {row["client_id"]: row["client_name"] for row in rows}
    chosen = st.selectbox(
        t("columns.client_name"), list(names), index=None, key="key_client",
        format_func=lambda code: names.get(code, code), placeholder=t("matches.choose"),
    )  # fmt: skip
    return str(chosen) if chosen in names else None


# Own criteria


def criteria(screen: Screen) -> None:
    """Which columns of one's own in the clients sheet count as criteria."""
    t = screen.t
    found = [row for row in screen.fetch("marts.client_columns").to_pylist() if row["yes_count"]]
    kept = [row["header"] for row in screen.ws.dictionary("key_criteria")]
    offered = list(dict.fromkeys([*(row["own_column"] for row in found), *kept]))
    screen.note("key.criteria_note" if offered else "key.criteria_none")
    if not offered:
        return
    counts = {row["own_column"]: row["yes_count"] for row in found}
    chosen = st.multiselect(
        t("key.criteria"), offered, default=kept, key="key_criteria", label_visibility="collapsed",
        format_func=lambda header: t("key.criterion", header=header, count=counts.get(header, 0)), placeholder=t("matches.choose"),
    )  # fmt: skip
    if st.button(t("key.criteria_keep"), disabled=chosen == kept):
        _keep(screen, "key_criteria", [{"header": header, "note": ""} for header in chosen])


def _keep(screen: Screen, name: str, rows: list[dict[str, str]]) -> None:
    screen.ws.journal.set_dictionary(name, rows or None)
    st.toast(screen.t("key.kept"), icon=":material/check:")
    st.rerun()

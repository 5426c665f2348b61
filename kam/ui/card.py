"""What the client card says: which client, its figures with their evidence, its time, its people and promises."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pyarrow as pa
import streamlit as st

from kam.charts import client as charts
from kam.charts import touches
from kam.ui import filters, life, portfolio, promising, touching
from kam.ui.choosing import months_before
from kam.ui.evidence import Evidence
from kam.ui.evidence import columns as evidence_columns
from kam.ui.failures import guarded
from kam.ui.figures import Figure
from kam.ui.frame import Screen
from kam.ui.text import upright

PARAM = "client"
OFFERED = 1000  # clients in the list of choice; a search narrows it
SPANS = {"year": 12, "two_years": 24, "all": None}
ORDER_COLUMNS = ("ordered_on", "order_id", "product", "amount", "gap_days", "manager")
EVENT_COLUMNS = ("held_on", "kind", "reason", "is_personal", "channel", "type", "subject", "text", "result", "contact", "manager")
PROMISE_COLUMNS = (
    "text", "state", "due_on", "days_overdue", "owner", "original_due_on", "done_on", "move_count", "silent_move_count",
)  # fmt: skip
CONTACT_COLUMNS = (
    "contact_name", "title", "role", "phone", "email", "last_contact_on", "birthday_on", "confirmed_on", "left_on",
)  # fmt: skip
OWN_COLUMNS = ("own_column", "own_value")
DAYS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "order": ("marts.evidence_orders", ORDER_COLUMNS),
    "touch": ("marts.evidence_touches", EVENT_COLUMNS),
    "promise": ("marts.promise_list", PROMISE_COLUMNS),
}
TABS = ("promises", "touches", "orders", "contacts", "own")
EVERYBODY = touching.EVERYBODY
SOURCE = ("file", "sheet", "row_number")

Row = dict[str, Any]


def chosen(screen: Screen) -> Row | None:
    """The card's row (marts.client_card) of the client that the reader chose or the URL names; None where there is none."""
    place, before, after = st.columns([6, 1, 1], vertical_alignment="bottom")
    with place:
        client_id = _choose(screen)
    rows = _row(screen, client_id) if client_id else []
    if not rows:
        screen.note("client.none")
        return None
    _step(screen, before, "previous", rows[0]["previous_id"])
    _step(screen, after, "next", rows[0]["next_id"])
    return rows[0]


def _row(screen: Screen, client_id: str) -> list[Row]:
    """The card's row with the facts of its sentence; no row where no such client is known at the date."""
    cards = screen.fetch("marts.client_card", client_id=client_id).to_pylist()
    why = screen.fetch("marts.stage_reasons", client_id=client_id).to_pylist()
    return [found | facts for found, facts in zip(cards, why, strict=True)]


def _choose(screen: Screen) -> str | None:
    t = screen.t
    found = screen.fetch("marts.client_list", words=_words(screen), row_limit=OFFERED)
    named = {row["client_id"]: row for row in found.to_pylist()}
    asked = st.query_params.get(PARAM)
    if asked and asked not in named:
        named = {row["client_id"]: row for row in _row(screen, asked)} | named
    if not named:
        return None
    first = next(iter(named))
    filters.seed(PARAM, lambda raw: raw if raw in named else first)
    if st.session_state[PARAM] not in named:
        st.session_state[PARAM] = first
    client_id = st.selectbox(
        t("client.choose"),
        list(named),
        key=PARAM,
        format_func=lambda code: t(
            "client.option",
            name=named[code]["client_name"], group=named[code]["class"], money=t.money_short(named[code]["revenue"]),
        ),
        label_visibility="collapsed",
    )  # fmt: skip
    _into_url(str(client_id))
    return str(client_id)


def _words(screen: Screen) -> str | None:
    """A search box, where there are more clients than a list of choice should hold."""
    counted = screen.fetch("marts.client_list", row_limit=1).to_pylist()
    if not counted or counted[0]["client_count"] <= OFFERED:
        return None
    return st.text_input(screen.t("client.search", count=counted[0]["client_count"]), key="client_words") or None


def _into_url(client_id: str) -> None:
    if st.query_params.get(PARAM) != client_id:
        st.query_params[PARAM] = client_id
    st.session_state[f"_url_{PARAM}"] = client_id


def _go(client_id: str) -> None:
    st.session_state[PARAM] = client_id
    _into_url(client_id)


def _step(screen: Screen, place: Any, name: str, client_id: str | None) -> None:
    icon = ":material/arrow_back:" if name == "previous" else ":material/arrow_forward:"
    place.button(
        screen.t(f"client.{name}"), key=f"client_{name}", icon=icon, disabled=client_id is None, on_click=guarded(_go),
        args=(client_id,), width="stretch",
    )  # fmt: skip


def head(screen: Screen, row: Row) -> None:
    """Who the client is, in one line of data and one sentence about its silence."""
    t = screen.t
    since = t("client.since", day=row["client_since"]) if row["client_since"] else None
    rank = t("client.rank", place=row["position"], count=row["selected_count"]) if row["position"] else None
    parts = [row["manager"], row["segment"], row["region"], row["industry"], row["tax_id"], since, rank]
    screen.plain(" · ".join(upright(part) for part in parts if part))
    screen.note("client.sentence", sentence=life.sentence(screen, row))


def figures(screen: Screen, row: Row) -> list[Figure]:
    """Class, money, status, next order, norm, promises; behind each its formula and rows."""
    t = screen.t
    facts = {
        "share": t.percent(row["share"]), "gap": t.money_short(row["gap"]), "before": t.money_short(row["revenue_before"]),
        "opens": row["window_opens_on"], "cycle": t.number(row["cycle_days"], 0), "owed": row["owed_count"],
        "basis": t.value("cycle_basis", row["cycle_basis"]), "verdict": t.value("touch_status", row["touch_status"]),
        "open": row["open_count"], "count": row["promise_count"], "ratio": row["cycle_ratio"],
    }  # fmt: skip
    said = tuple(facts.items())
    has_norm = row["compliance"] is not None
    is_known = has_norm and row["touch_status"] != "no_data"
    expected = t.day(row["expected_order_on"]) if row["expected_order_on"] else None
    return [
        Figure("client.class", row["class"], "text", lambda: portfolio.client(screen, row), _class_note(row), said),
        Figure("client.revenue", row["revenue"], "money", lambda: _year(screen, row), "client.notes.revenue", said),
        Figure(
            "client.status", t.value("status", row["status"]), "text", lambda: life.client(screen, row),
            "client.notes.status", said,
        ),
        Figure(
            "client.expected", expected, "text", lambda: _cycle(screen, row),
            "client.notes.expected" if expected else "client.notes.unexpected", said,
        ),
        Figure(
            "client.compliance", row["compliance"] if is_known else None, "percent",
            (lambda: touching.client(screen, row)) if has_norm else None,
            "client.notes.compliance" if has_norm else "client.notes.no_norm", said,
        ),
        Figure(
            "client.overdue", row["overdue_count"], "count", lambda: _promises(screen, row), "client.notes.overdue", said
        ),
    ]  # fmt: skip


def _class_note(row: Row) -> str:
    return "client.notes.class_potential" if row["basis"] == "potential" else "client.notes.class_turnover"


def _year(screen: Screen, row: Row) -> Evidence:
    facts = {"revenue": screen.t.money(row["revenue"]), "before": screen.t.money(row["revenue_before"])}
    rows = screen.fetch("marts.evidence_orders", months=portfolio.YEAR, client_id=row["client_id"], **EVERYBODY)
    return Evidence(row["client_name"], "client.evidence.revenue", facts, rows, ORDER_COLUMNS)


def _cycle(screen: Screen, row: Row) -> Evidence:
    t = screen.t
    facts = {name: row[name] for name in ("last_order_on", "expected_order_on", "window_opens_on", "cycle_days")}
    facts |= {"count": row["interval_count"], "median": row["median_interval_days"]}
    facts |= {"basis": t.value("cycle_basis", row["cycle_basis"]), "type": t.value("sales_type", row["sales_type"])}
    facts |= {"rate": t.percent(row["preorder_rate"]), "touched": row["preorder_touched_count"]}
    facts |= {"intervals": row["preorder_interval_count"]}
    rule = "client.evidence.cycle" if row["last_order_on"] else "client.evidence.no_cycle"
    rows = screen.fetch("marts.evidence_orders", client_id=row["client_id"], **EVERYBODY)
    return Evidence(row["client_name"], rule, facts, rows, ORDER_COLUMNS)


def _promises(screen: Screen, row: Row) -> Evidence:
    rows = screen.fetch("marts.promise_list", client_id=row["client_id"], scope="overdue", **EVERYBODY)
    facts = {"count": row["overdue_count"], "open": row["open_count"], "all": row["promise_count"]}
    return Evidence(row["client_name"], "client.evidence.promises", facts, rows, PROMISE_COLUMNS)


def span(screen: Screen) -> date | None:
    """The first day of the timeline: a year or two back, or None for all of it."""
    t = screen.t
    name = st.segmented_control(
        t("client.span"), list(SPANS), default="year", required=True, key="client_span",
        format_func=lambda code: t(f"client.spans.{code}"), label_visibility="collapsed",
    )  # fmt: skip
    months = SPANS[str(name)]
    return months_before(screen.as_of or date.today(), months) if months else None


def timeline(screen: Screen, row: Row, events: pa.Table) -> None:
    """Orders, touches and promises on one axis; a point opens the rows of its day."""
    since = span(screen)
    figure = charts.timeline(events, row, screen.as_of or date.today(), since, screen.t, screen.palette)
    screen.chart(figure, "timeline", lambda point: _event(screen, row, point))


def _event(screen: Screen, row: Row, point: Mapping[str, Any]) -> Evidence | None:
    cell = list(point.get("customdata") or [])
    if len(cell) < 2:
        return None
    lane, day = cell[0], date.fromisoformat(cell[1])
    mart, columns = DAYS[lane]
    span_of = {"due": day} if lane == "promise" else {"since": day, "till": day}
    rows = screen.fetch(mart, client_id=row["client_id"], **span_of, **EVERYBODY)
    return Evidence(row["client_name"], f"client.evidence.day_{lane}", {"day": day}, rows, columns)


def norm(screen: Screen, row: Row) -> None:
    """The norm of the client taken apart by kind."""
    if row["compliance"] is None:
        screen.note("client.notes.no_norm")
        return
    kinds = screen.fetch("marts.touch_norm", client_id=row["client_id"], **EVERYBODY)
    screen.chart(touches.norm(kinds, screen.t, screen.palette), "norm", lambda _: touching.client(screen, row))


def months(screen: Screen, row: Row) -> None:
    """Revenue by month; a bar opens the order lines of its month."""
    table = screen.fetch("marts.client_months", client_id=row["client_id"])
    screen.chart(charts.months(table, screen.t, screen.palette), "months", lambda point: _month(screen, row, point))


def _month(screen: Screen, row: Row, point: Mapping[str, Any]) -> Evidence | None:
    data = point.get("customdata")
    code = data[0] if isinstance(data, list) else data
    if not code:
        return None
    first, last = (date.fromisoformat(day) for day in str(code).split("|"))
    rows = screen.fetch("marts.evidence_orders", since=first, till=last, client_id=row["client_id"], **EVERYBODY)
    facts = {"first": first, "last": last}
    return Evidence(row["client_name"], "client.evidence.month", facts, rows, ORDER_COLUMNS)


def details(screen: Screen, row: Row) -> None:
    """Promises, touches, orders, people and the columns of the user's own, each in a tab."""
    for place, name in zip(st.tabs([screen.t(f"client.tabs.{name}") for name in TABS]), TABS, strict=True):
        with place:
            _detail(screen, row, name)


def _detail(screen: Screen, row: Row, name: str) -> None:
    asked = {"client_id": row["client_id"], **EVERYBODY}
    if name == "promises":
        rows = screen.fetch("marts.promise_list", **asked)
        screen.table(name, rows, columns=PROMISE_COLUMNS, evidence=lambda one: promising.promise(screen, one))
    elif name == "touches":
        rows = screen.fetch("marts.evidence_touches", **asked)
        screen.table(name, rows, columns=evidence_columns(rows, EVENT_COLUMNS))
    elif name == "orders":
        rows = screen.fetch("marts.evidence_orders", **asked)
        screen.table(name, rows, columns=evidence_columns(rows, ORDER_COLUMNS), totals=("amount",))
    elif name == "contacts":
        screen.table(name, screen.fetch("marts.client_contacts", **asked), columns=(*CONTACT_COLUMNS, *SOURCE))
    else:
        screen.note("client.own_note")
        screen.table(name, screen.fetch("marts.client_extra", **asked), columns=(*OWN_COLUMNS, *SOURCE))

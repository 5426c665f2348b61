"""What the life cycle screen says: its figures, the sentence of each client, goals, what the rule would have caught."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from kam.ui.evidence import Evidence
from kam.ui.figures import Figure
from kam.ui.frame import Screen
from kam.ui.sentences import with_sentence

CLIENT_COLUMNS = (
    "client_name", "status", "why", "days_since_order", "cycle_days", "cycle_ratio", "expected_order_on", "revenue",
    "class", "goal_state", "cycle_basis", "order_count", "is_tenure_unknown", "manager", "segment", "region",
)  # fmt: skip
STATUS_COLUMNS = ("status", "client_count", "revenue", "goal", "goal_met_count", "goal_known_count")
BACKTEST_COLUMNS = ("client_name", "outcome", "status_before", "status", "last_order_on", "revenue", "manager")
ORDER_COLUMNS = ("client_name", "ordered_on", "order_id", "product", "amount")
CYCLE_COLUMNS = ("ordered_on", "gap_days", "order_id", "product", "amount")
EVERYBODY = {"manager": None, "segment": None, "region": None, "class": None}
SENTENCES = 2000  # a list longer than this is read by its figures; the sentence is in each row's evidence
YEAR = 12


def figures(screen: Screen, summary: Mapping[str, Any], clients: pa.Table) -> list[Figure]:
    """The headline of marts.lifecycle_summary; behind each the clients of marts.lifecycle_clients."""
    t, facts = screen.t, dict(summary)
    money = ("revenue", "revenue_at_risk", "asleep_revenue", "loyal_revenue")
    facts |= {name: t.money_short(summary[name]) for name in money}
    facts |= {name: t.percent(summary[name]) for name in ("buying_share", "risk_share", "loyal_revenue_share")}

    def one(name: str, value: str, statuses: tuple[str, ...]) -> Figure:
        rows = clients.filter(pc.is_in(clients.column("status"), pa.array(statuses)))
        behind = Evidence(t(f"lifecycle.{name}"), f"lifecycle.evidence.{name}", facts, rows, CLIENT_COLUMNS)
        return Figure(f"lifecycle.{name}", summary[value], "count", behind, f"lifecycle.notes.{name}", tuple(facts.items()))

    return [
        one("buying", "buying_count", ("loyal", "regular", "new", "returned")),
        one("loyal", "loyal_count", ("loyal",)),
        one("drowsing", "drowsing_count", ("drowsing",)),
        one("asleep", "asleep_count", ("asleep",)),
        one("lost", "lost_count", ("lost",)),
    ]


def sentence(screen: Screen, row: Mapping[str, Any]) -> str:
    """Why the client has its status: how long it is silent, its cycle, how many such intervals were as long."""
    t = screen.t
    if row["days_since_order"] is None:
        return t("lifecycle.why.never")
    silent = t("lifecycle.why.silent", count=row["days_since_order"], cycle=t.number(row["cycle_days"], 0))
    if not row["pool_count"]:
        return t("lifecycle.why.no_pool", silent=silent)
    facts = {"silent": silent, "count": row["longer_count"], "pool": t.number(row["pool_count"], 0)}
    if row["cycle_ratio"] <= 1:
        return t("lifecycle.why.in_time", silent=silent)
    return t("lifecycle.why.rare" if row["longer_count"] else "lifecycle.why.none_longer", **facts)


def reasoned(screen: Screen, clients: pa.Table) -> pa.Table:
    """The clients with the sentence in a column `why`, where the list is one to be read."""
    if clients.num_rows > SENTENCES:
        return clients
    return with_sentence(clients, "why", lambda row: sentence(screen, row))


def goals(screen: Screen, statuses: pa.Table) -> pa.Table:
    """marts.lifecycle_statuses with the goal of each status in words."""
    return with_sentence(statuses, "goal", lambda row: screen.t(f"lifecycle.goals.{row['status']}"))


def _cycle(screen: Screen, row: Mapping[str, Any]) -> str:
    """How the client's cycle was found, with its values."""
    kind = "project" if row["sales_type"] == "project" else "peer" if not row["interval_count"] else "own"
    spans = {"peer": "peer_days", "cycle": "cycle_days", "median": "median_interval_days"}
    facts = {name: screen.t.days(row[column]) for name, column in spans.items()}
    return screen.t(f"lifecycle.cycle.{kind}", weight=row["cycle_shrink"], count=row["interval_count"], **facts)


def client(screen: Screen, row: dict[str, Any]) -> Evidence:
    """The rule of one client's status with its values put in, and the order lines of its cycle."""
    t = screen.t
    facts = {name: row[name] for name in ("days_since_order", "cycle_ratio", "risk_ratio", "sleep_ratio", "order_count")}
    facts |= {
        "cycle": row["cycle_days"],
        "status": t.value("status", row["status"]).capitalize(),
        "why": sentence(screen, row),
        "last": row["last_order_on"],
    }
    facts |= {"rule": _cycle(screen, row), "pool": row["pool_count"]}
    kind = "prospect" if row["status"] == "prospect" else "client"
    return Evidence(
        row["client_name"],
        f"lifecycle.evidence.{kind}",
        facts,
        lambda: screen.fetch("marts.evidence_orders", client_id=row["client_id"], **EVERYBODY),
        CYCLE_COLUMNS,
        row["client_id"],
    )


def point(screen: Screen, clients: pa.Table, clicked: Mapping[str, Any]) -> Evidence | None:
    """What a clicked point opens: its client's status."""
    code = next(iter(clicked.get("customdata") or []), None)
    found = clients.filter(pc.equal(clients.column("client_id"), code)) if code else None
    return client(screen, found.to_pylist()[0]) if found else None


def stage(screen: Screen, clicked: Mapping[str, Any]) -> Evidence | None:
    """What a clicked stage of the funnel opens: its clients."""
    code = next(iter(clicked.get("customdata") or []), None)
    if not code:
        return None
    rows = screen.fetch("marts.lifecycle_clients", clm_stage=code)
    return Evidence(screen.t.value("clm_stage", code), f"lifecycle.stages.{code}", {}, rows, CLIENT_COLUMNS)


def month(screen: Screen, clicked: Mapping[str, Any]) -> Evidence | None:
    """What a clicked part of a month opens: the order lines of the clients that had the status at its end."""
    cell = list(clicked.get("customdata") or [])
    if len(cell) < 2:
        return None
    day = date.fromisoformat(cell[1])
    rows = screen.fetch("marts.evidence_months", status=cell[0], month_ends_on=day)
    word = screen.t.value("status", cell[0])
    facts = {"day": day, "status": word}
    return Evidence(word, "lifecycle.evidence.month", facts, rows, ORDER_COLUMNS)


def status_source(screen: Screen, code: str | None, statuses: pa.Table) -> Evidence:
    """The order lines of a status's revenue, or of all."""
    t = screen.t
    found = [row for row in statuses.to_pylist() if row["status"] == code] if code else []
    facts = {"client_count": found[0]["client_count"], "revenue": t.money(found[0]["revenue"])} if found else {}
    facts |= {"status": t.value("status", code)} if found else {}
    chosen = {"status": code} if code else {}
    return Evidence(
        t("columns.revenue"),
        "lifecycle.evidence.of_status" if found else "abcd.evidence.of_all",
        facts,
        lambda: screen.fetch("marts.evidence_orders", months=YEAR, **chosen),
        ORDER_COLUMNS,
    )


def backtest(screen: Screen, before_on: date) -> list[Figure]:
    """Had the rule run at the earlier date: caught, missed, false alarms; behind each its clients."""
    t, row = screen.t, screen.fetch("marts.stage_backtest", before_on=before_on).to_pylist()[0]
    facts = row | {"day": t.day(before_on)}
    facts |= {name: t.percent(row[name]) for name in ("caught_share", "false_alarm_share")}

    def one(name: str) -> Figure:
        def rows() -> pa.Table:
            return screen.fetch("marts.backtest_clients", before_on=before_on, outcome=name)

        behind = Evidence(t(f"lifecycle.{name}"), f"lifecycle.evidence.{name}", facts, rows, BACKTEST_COLUMNS)
        note = f"lifecycle.notes.{name}"
        return Figure(f"lifecycle.{name}", row[f"{name}_count"], "count", behind, note, tuple(facts.items()))

    return [one("caught"), one("missed"), one("false_alarm")]

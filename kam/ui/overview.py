"""What the overview says: its figures with their evidence, the rows behind a bar, the reasons for a decision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from kam.ui import menu, reviewing
from kam.ui.evidence import Evidence
from kam.ui.figures import Figure
from kam.ui.frame import Screen
from kam.ui.sentences import with_sentence

Names: TypeAlias = tuple[str, ...]
Rows: TypeAlias = pa.Table | Callable[[], pa.Table]

NEEDS = {"served": "touches", "overdue": "promises"}
DECISION_COUNT = 10
ORDER_COLUMNS = ("client_name", "ordered_on", "order_id", "product", "amount", "manager")
PROMISE_COLUMNS = ("client_name", "text", "owner", "original_due_on", "due_on", "days_overdue")
DECISION_COLUMNS = ("client_name", "why", "class", "status", "revenue", "manager")
ROW_COLUMNS = (
    "client_name", "manager", "class", "status", "revenue", "compliance", "touch_status", "overdue_promise_count",
)  # fmt: skip


def figures(screen: Screen, row: pa.Table, clients: pa.Table) -> list[Figure]:
    """The headline figures of marts.home_figures. Clients behind them are rows of marts.home_clients, money and promises
    open their own rows; the same filters make them all, so they add up."""
    facts: dict[str, Any] = row.to_pylist()[0]
    facts |= {f"{name}_money": screen.t.money_short(facts[f"{name}_revenue"] or 0) for name in ("slipping", "overdue")}
    judged = pc.or_(clients.column("is_served"), clients.column("is_below"))

    def one(name: str, value: str, rows: Rows, kind: str = "count", columns: Names = ROW_COLUMNS) -> Figure:
        missing = NEEDS.get(name, "orders") not in screen.tables
        if missing:  # unknown is not zero
            return Figure(f"home.{name}", None, note=f"home.missing.{name}")
        behind = Evidence(screen.t(f"home.{name}"), f"home.evidence.{name}", facts, rows, columns)
        return Figure(f"home.{name}", facts[value], kind, behind, f"home.notes.{name}", tuple(facts.items()))

    return [
        one("clients", "client_count", clients),
        one("revenue", "revenue", lambda: _bought(screen), "money", ORDER_COLUMNS),
        one("served", "served_share", clients.filter(judged), "percent"),
        one("slipping", "slipping_client_count", clients.filter(clients.column("is_slipping"))),
        one("overdue", "overdue_promise_count", lambda: _overdue(screen), columns=PROMISE_COLUMNS),
    ]


def review_link(screen: Screen) -> None:
    """The way to the weekly review, with how many lines it has and what is at stake."""
    shown = reviewing.opened(screen)
    what = reviewing.extent(screen, shown.line_count, shown.money)
    menu.link("review", screen.t, screen.query, screen.t("home.review", what=what))


def _bought(screen: Screen) -> pa.Table:
    return screen.fetch("marts.evidence_orders", months=int(screen.norm("revenue_months")))


def _overdue(screen: Screen) -> pa.Table:
    return screen.fetch("marts.promise_list", scope="overdue")


def group(screen: Screen, clients: pa.Table, dimension: str) -> Callable[[dict[str, Any]], Evidence | None]:
    """What a clicked bar opens: the clients of its class or stage."""

    def opened(point: dict[str, Any]) -> Evidence | None:
        code = point.get("customdata")
        code = code[0] if isinstance(code, list) else code
        if not code:
            return None
        kept = clients.filter(pc.equal(clients.column(dimension), code))
        word = screen.t.value(dimension, code)
        return Evidence(word, f"home.evidence.{dimension}", {"code": word, "count": kept.num_rows}, kept, ROW_COLUMNS)

    return opened


def decisions(screen: Screen, clients: pa.Table) -> pa.Table:
    """The first clients that need a decision, each with a sentence why."""
    first = clients.filter(pc.is_valid(clients.column("need_rank"))).slice(0, DECISION_COUNT)
    return with_sentence(first, "why", lambda row: _why(screen, row))


def _why(screen: Screen, row: dict[str, Any]) -> str:
    t, parts = screen.t, []
    if row["overdue_promise_count"]:
        parts.append(t("home.why.overdue", count=row["overdue_promise_count"], days=t.days(row["longest_overdue_days"])))
    if row["is_slipping"]:
        parts.append(t("home.why.slipping", days=t.days(row["days_since_order"]), cycle=t.number(row["cycle_days"], 0)))
    if row["is_below"]:
        parts.append(t("home.why.below", count=row["owed_count"], share=t.percent(row["compliance"])))
    return "; ".join(parts)

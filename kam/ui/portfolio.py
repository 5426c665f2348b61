"""What the ABCD screen says: its figures with their evidence, what the classes rest on, the formula of each client."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from kam.ui.evidence import Evidence
from kam.ui.figures import Figure
from kam.ui.frame import Screen

CLIENT_COLUMNS = (
    "client_name", "class", "revenue", "potential", "potential_origin", "share", "gap", "xyz", "is_potential_outdated",
    "manager", "segment", "region",
)  # fmt: skip
MOVE_COLUMNS = ("client_name", "class_before", "class", "revenue_before", "revenue", "revenue_change", "manager")
ORDER_COLUMNS = ("client_name", "ordered_on", "order_id", "product", "amount")
CLIENT_ORDER_COLUMNS = ORDER_COLUMNS[1:]
EVERYBODY = {"manager": None, "segment": None, "region": None, "class": None}
MOVES = {"class": "marts.class_moves", "status": "marts.status_moves"}
YEAR = 12


def basis(screen: Screen, summary: Mapping[str, Any]) -> str:
    """The sentence that says what the classes rest on and why, as markdown."""
    t = screen.t
    facts = {"known": t.percent(summary["known_share"]), "needed": t.percent(summary["known_share_needed"])}
    parts = [t(f"abcd.basis.{summary['basis']}_{summary['basis_choice']}", **facts)]
    for name in ("estimated", "unknown"):
        if summary["basis"] == "potential" and summary[f"{name}_count"]:
            parts.append(t(f"abcd.basis.{name}", count=summary[f"{name}_count"]))
    if summary["outdated_count"]:
        parts.append(t("abcd.basis.outdated", count=summary["outdated_count"]))
    return " ".join(parts)


def figures(screen: Screen, summary: Mapping[str, Any], clients: pa.Table) -> list[Figure]:
    """The headline of marts.abcd_summary; behind each the rows of marts.abcd_clients or the order lines they are made of."""
    t, facts = screen.t, dict(summary)
    facts |= {name: t.money(summary[name] or 0) for name in ("revenue", "gap", "top_revenue", "gap_of_b")}
    facts |= {name: t.percent(summary[name]) for name in ("top_client_share", "top_revenue_share", "b_gap_share")}
    facts |= {name: t.percent(summary[name]) for name in ("known_share", "known_share_needed", "gap_target")}

    def one(name: str, value: str, kind: str, rows: Any, columns: tuple[str, ...] = CLIENT_COLUMNS) -> Figure:
        behind = Evidence(t(f"abcd.{name}"), f"abcd.evidence.{name}", facts, rows, columns)
        note = f"abcd.notes.{name}" if summary[value] is not None or name != "gap" else "abcd.notes.gap_none"
        return Figure(f"abcd.{name}", summary[value], kind, behind, note, tuple(facts.items()))

    top = clients.filter(pc.is_in(clients.column("class"), pa.array(["A+", "A"])))
    wide = clients.filter(pc.fill_null(pc.greater(clients.column("gap"), 0), False))
    return [
        one("clients", "client_count", "count", clients),
        one("revenue", "revenue", "money", lambda: screen.fetch("marts.evidence_orders", months=YEAR), ORDER_COLUMNS),
        one("top", "top_revenue_share", "percent", top),
        one("gap", "gap", "money", wide),
        one("known", "known_share", "percent", lambda: _given(screen)),
    ]


def _given(screen: Screen) -> pa.Table:
    clients = screen.fetch("marts.abcd_clients", **EVERYBODY)
    return clients.filter(pc.equal(clients.column("potential_origin"), "given"))


def class_source(screen: Screen, code: str | None, classes: pa.Table) -> Evidence:
    """The order lines of a class's revenue, or of all classes."""
    t = screen.t
    found = [row for row in classes.to_pylist() if row["class"] == code] if code else []
    facts = {name: found[0][name] if found else None for name in ("client_count", "class")}
    facts |= {"revenue": t.money(found[0]["revenue"]) if found else None}
    rule = "abcd.evidence.of_class" if found else "abcd.evidence.of_all"

    def rows() -> pa.Table:
        chosen = {"class": code} if code else {}
        return screen.fetch("marts.evidence_orders", months=YEAR, **chosen)

    return Evidence(t("columns.revenue"), rule, facts, rows, ORDER_COLUMNS)


def client(screen: Screen, row: dict[str, Any]) -> Evidence:
    """The rule of one client's class with its values put in, and the order lines of its revenue."""
    t = screen.t
    facts = {name: t.money(row[name]) for name in ("revenue", "potential", "given_potential", "gap")}
    facts |= {name: t.percent(row[name], 1) for name in ("share", "potential_before_share", "revenue_before_share")}
    facts |= {name: t.percent(row[name]) for name in ("high_share", "high_potential_share", "gap_target")}
    facts |= {"class": row["class"], "origin": t.value("potential_origin", row["potential_origin"])}
    facts |= {"variation": row["variation"], "xyz": row["xyz"] or "—"}
    facts |= {"file": row["file"] or "—", "sheet": row["sheet"] or "—", "row": row["row_number"] or "—"}
    kind = "turnover" if row["basis"] == "turnover" else "unknown" if row["potential"] is None else "potential"
    return Evidence(
        row["client_name"],
        f"abcd.evidence.client_{kind}",
        facts,
        lambda: screen.fetch("marts.evidence_orders", months=YEAR, client_id=row["client_id"], **EVERYBODY),
        CLIENT_ORDER_COLUMNS,
        row["client_id"],
    )


def point(screen: Screen, clients: pa.Table, clicked: Mapping[str, Any]) -> Evidence | None:
    """What a clicked point of the map opens: its client's class."""
    code = next(iter(clicked.get("customdata") or []), None)
    found = clients.filter(pc.equal(clients.column("client_id"), code)) if code else None
    return client(screen, found.to_pylist()[0]) if found else None


def moves(screen: Screen, before_on: date, clicked: Mapping[str, Any], kind: str = "class") -> Evidence | None:
    """What a clicked cell of the matrix opens: the clients that moved so. kind: class or status."""
    t, cell = screen.t, list(clicked.get("customdata") or [])
    if len(cell) < 2:
        return None
    words = [t.value(f"{kind}_before", cell[0]), t.value(kind, cell[1])]
    rows = screen.fetch(MOVES[kind], before_on=before_on, moved_from=cell[0], moved_to=cell[1])
    facts = {"count": rows.num_rows, "day": before_on, "before": words[0], "now": words[1]}
    columns = tuple(name.replace("class", kind) for name in MOVE_COLUMNS)
    return Evidence(" → ".join(words), "choosing.moved", facts, rows, columns)

"""What must come out when the demo is loaded. It holds by construction: no measure of the product is computed here."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

from kam.demo.company import LAST_DAY, Demo, year_before
from kam.demo.sheets import files


def answers(demo: Demo) -> dict[str, Any]:
    """What must come out when the demo is loaded: counts and sums by table, statuses, states, the planted cases."""
    return {
        "last_day": LAST_DAY,
        "first_order_on": min(order.on for order in demo.orders),
        "tables": _table_answers(demo),
        "kinds": dict(sorted(Counter(touch.kind.partition("/")[0] for touch in demo.touches).items())),
        "reasons": dict(sorted(Counter(touch.kind.partition("/")[2] for touch in demo.touches if "/" in touch.kind).items())),
        "statuses": {client.id if client.is_listed else client.name: client.life for client in demo.clients if client.life},
        "states": {promise.id: promise.state for promise in demo.promises},
        "silent_moves": {
            promise.id: sum(not move.is_recorded for move in promise.moves)
            for promise in demo.promises
            if any(not move.is_recorded for move in promise.moves)
        },
        "annual_meetings": _annual_meetings(demo),
        "requests": dict(sorted(Counter(request.state for request in demo.requests).items())),
        "planted": {
            case["code"]: {"client_id": client.id} | case["expect"] | {f"cycle_{key}": value for key, value in case.get("cycle", {}).items()}
            for case, client in zip(demo.words["planted"], demo.clients, strict=False)
        },
    }


def _annual_meetings(demo: Demo) -> dict[str, date]:
    """The day of the last one, by client."""
    held = [touch for touch in demo.touches if touch.subject in demo.words["annual"]]
    return {touch.client.id: touch.at.date() for touch in sorted(held, key=lambda touch: touch.at)}


def _table_answers(demo: Demo) -> dict[str, Any]:
    counted = [order for order in demo.orders if not order.is_cancelled]
    year = [order for order in counted if order.on > year_before(LAST_DAY)]
    made = {file.name: len(file.rows) - 1 for file in files(demo)}
    return {
        "rows": made,
        "clients": len(demo.clients),
        "order_lines": len(counted),
        "orders_cancelled": len(demo.orders) - len(counted),
        "orders_rejected": {
            "date_unreadable": 3,
            "client_missing": 2,
            "amount_unreadable": 1,
            "other_currency": 1,
        },
        "touches_rejected": {"date_unreadable": 1, "client_missing": 2},
        "promises_rejected": {"client_missing": 1},
        "requests_rejected": {"client_missing": 1},
        "contacts_rejected": {"name_missing": 1},
        "amount": str(sum((order.amount for order in counted), Decimal())),
        "revenue": str(sum((order.amount for order in year), Decimal())),
        "touches": len(demo.touches),
        "promises": len(demo.promises),
    }


def as_toml(value: dict[str, Any], path: str = "") -> str:
    plain = [f"{_key(key)} = {_literal(item)}" for key, item in value.items() if not isinstance(item, dict)]
    tables = [(f"{path}.{_key(key)}".lstrip("."), item) for key, item in value.items() if isinstance(item, dict)]
    parts = ["\n".join(plain)] if plain else []
    parts += [f"[{name}]\n{as_toml(item, name)}" if item else f"[{name}]\n" for name, item in tables]
    return "\n".join(parts) + ("" if path else "\n")


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _literal(key)


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, list):
        return "[" + ", ".join(_literal(item) for item in value) + "]"
    return value.isoformat() if isinstance(value, date) else repr(value)

"""What is due when: promises, annual meetings, decisions, pre-order windows and next touches, as entries of a calendar.

An entry stands on its own day, past ones too: what is overdue was due then. Knows the names of marts and the minutes, no format
and no screen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pyarrow as pa

from kam.minutes import Decision

KINDS = ("promise", "decision", "meeting", "order", "touch")
SILENT = ("asleep", "lost")  # no order is expected of them and no touch is due: they are for the life cycle's own list

Row = Mapping[str, Any]
Fetch = Callable[..., pa.Table]


@dataclass(frozen=True)
class Entry:
    """Something due. key: what tells it from others of its kind, the same in every export; on … last: its days, both counted;
    who: who is to do it; what: its own text; is_overdue: its day is before that of the report."""

    kind: str
    key: str
    on: date
    last: date
    client_id: str | None
    client_name: str | None
    who: str | None
    what: str | None = None
    is_overdue: bool = False


def entries(
    fetch: Fetch, decisions: Iterable[Decision], as_of: date, whose: str | None = None, client_id: str | None = None
) -> list[Entry]:
    """What is open as of a date, by day. fetch(mart, **params): as of it, with the filters of the view.

    whose: what one person has to do: promises and decisions by their owner, the rest by the client's manager. client_id: of
    one client alone.
    """
    every = [
        *_promises(fetch("marts.promise_list", manager=None, client_id=client_id).to_pylist(), as_of),
        *_decisions(decisions, as_of),
        *_meetings(fetch("marts.key_clients", manager=None).to_pylist(), as_of),
        *_orders(fetch("marts.client_cycles").to_pylist(), fetch("marts.lifecycle_clients", manager=None).to_pylist(), as_of),
        *_touches(fetch("marts.touch_clients", manager=None).to_pylist(), as_of),
    ]
    mine = [one for one in every if whose is None or one.who == whose]
    kept = [one for one in mine if client_id is None or one.client_id == client_id]
    return sorted(kept, key=lambda one: (one.on, KINDS.index(one.kind), one.client_name or "", one.key))


def _entry(kind: str, key: object, on: date, row: Row, as_of: date, last: date | None = None, **more: Any) -> Entry:
    about = {"client_id": row["client_id"], "client_name": row["client_name"], "who": row.get("manager"), **more}
    return Entry(kind, str(key), on, last or on, is_overdue=(last or on) < as_of, **about)


def _promises(rows: Iterable[Row], as_of: date) -> Iterator[Entry]:
    """Open ones with a day, by the due in force."""
    for row in rows:
        if row["state"] in ("open", "overdue") and row["due_on"] is not None:
            key = row["promise_id"] or f"{row['client_id']} {row['text']}"
            yield _entry("promise", key, row["due_on"], row, as_of, who=row["owner"], what=row["text"])


def _decisions(decisions: Iterable[Decision], as_of: date) -> Iterator[Entry]:
    """Those that nobody has settled yet, by the due in force."""
    for one in decisions:
        if one.made_on <= as_of and not one.is_settled:
            row = {"client_id": one.client_id, "client_name": one.client_name}
            yield _entry("decision", one.number, one.due_on, row, as_of, who=one.who, what=one.what)


def _meetings(rows: Iterable[Row], as_of: date) -> Iterator[Entry]:
    """The next annual meeting of each client that is owed one; where none was ever held it is due now."""
    for row in rows:
        on = row["meeting_due_on"] or (as_of if row["is_meeting_due"] else None)
        if on is not None:
            yield _entry("meeting", row["client_id"], on, row, as_of)


def _orders(cycles: Iterable[Row], clients: Iterable[Row], as_of: date) -> Iterator[Entry]:
    """The windows before expected orders that are open or to come: from the day they open to the day before the order is expected."""
    shown = {row["client_id"] for row in clients if row["status"] not in SILENT}
    for row in cycles:
        expected, opens = row["expected_order_on"], row["window_opens_on"]
        if row["client_id"] in shown and expected is not None and opens is not None and expected >= as_of:
            yield _entry("order", row["client_id"], opens, row, as_of, max(opens, expected - timedelta(days=1)))


def _touches(rows: Iterable[Row], as_of: date) -> Iterator[Entry]:
    for row in rows:
        if row["next_touch_on"] is not None and row["status"] not in SILENT and row["is_logged"]:
            yield _entry("touch", row["client_id"], row["next_touch_on"], row, as_of)

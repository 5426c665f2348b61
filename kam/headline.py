"""The headline figures of a review: each a sum or a share of what single clients add, so that a difference has its clients.

Knows the names of marts and no minutes, no screen, no words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pyarrow as pa

NOTHING = Decimal(0)
PROMISE_COLUMNS = ("client_id", "client_name", "state", "is_due", "is_kept")

Row = Mapping[str, Any]
Fetch = Callable[..., pa.Table]


@dataclass(frozen=True)
class Part:
    """What a client adds to a figure: an amount, or so many `of` so many in a share."""

    client_name: str
    amount: Decimal
    of: int = 0


NO_PART = Part("", NOTHING)


@dataclass(frozen=True)
class Change:
    """A client that made a figure differ: its part before and now (None: none), and its part of the difference."""

    client_id: str
    client_name: str
    before: Decimal | None
    now: Decimal | None
    difference: float


@dataclass(frozen=True)
class Figure:
    """A headline figure: kind money, count or percent; value None is unknown. before: of the review before, difference: of
    the two, which the changes add up to; None where one is unknown. parts: client → what it adds, kept for the next review."""

    name: str
    kind: str
    value: float | None
    before: float | None = None
    difference: float | None = None
    changes: tuple[Change, ...] = ()
    parts: dict[str, Part] = field(default_factory=dict)


def figures(fetch: Fetch, clients: Sequence[Row], forgotten: Sequence[Row], tables: frozenset[str]) -> Iterable[Figure]:
    """The figures as of fetch's date. clients: rows of marts.home_clients; forgotten: a row for each forgotten key client;
    tables: those that hold rows, for a figure whose table was never loaded is unknown; so is forgotten without a key client."""
    is_touched, is_promised = "touches" in tables, "promises" in tables
    promises = fetch("marts.promise_list").select(PROMISE_COLUMNS).to_pylist() if is_promised else []
    silent = fetch("marts.silent_moves").select(PROMISE_COLUMNS[:2]).to_pylist() if is_promised else []
    overdue = [row for row in promises if row["state"] == "overdue"]
    yield _figure("revenue", "money", _amounts(clients, "revenue"))
    yield _figure("slipping", "count", _amounts(clients, "is_slipping"))
    yield _figure("served", "percent", _shares((row for row in clients if row["is_served"] or row["is_below"]), "is_served"), is_touched)
    has_keys = is_touched and fetch("marts.key_managers").num_rows > 0
    yield _figure("forgotten", "count", _amounts(forgotten), has_keys)
    yield _figure("overdue", "count", _amounts(overdue), is_promised)
    yield _figure("silent", "count", _amounts(silent), is_promised)
    yield _figure("kept", "percent", _shares((row for row in promises if row["is_due"]), "is_kept"), is_promised)


def _figure(name: str, kind: str, parts: dict[str, Part], is_known: bool = True) -> Figure:
    return Figure(name, kind, _value(parts, kind), parts=parts) if is_known else Figure(name, kind, None)


def _amounts(rows: Iterable[Row], column: str | None = None) -> dict[str, Part]:
    """Client → the sum of a column over its rows, or how many they are; those that add nothing are left out."""
    parts: dict[str, Part] = {}
    for row in rows:
        added, key = Decimal(row[column] or 0) if column else Decimal(1), row["client_id"] or ""
        if added:
            parts[key] = Part(row["client_name"] or key, added + (parts[key].amount if key in parts else 0))
    return parts


def _shares(rows: Iterable[Row], counted: str) -> dict[str, Part]:
    """Client → how many of its rows count, of how many."""
    parts: dict[str, Part] = {}
    for row in rows:
        key = row["client_id"] or ""
        known = parts.get(key, Part(row["client_name"] or key, NOTHING))
        parts[key] = Part(known.client_name, known.amount + bool(row[counted]), known.of + 1)
    return parts


def _value(parts: Mapping[str, Part], kind: str) -> float | None:
    amount, of = _sums(parts)
    if kind != "percent":
        return float(amount)
    return float(amount / of) if of else None


def _sums(parts: Mapping[str, Part]) -> tuple[Fraction, int]:
    """All that the clients add, and of how many."""
    amount = sum((part.amount for part in parts.values()), NOTHING)
    return Fraction(amount), sum(part.of for part in parts.values())


# Beside the review before


def compared(figure: Figure, before: Figure | None) -> Figure:
    """The figure with the value of the review before, the difference, and the clients that made it."""
    if before is None or before.value is None:
        return figure
    if figure.value is None:
        return Figure(figure.name, figure.kind, None, before.value)
    changes = _shares_changed(figure, before) if figure.kind == "percent" else _amounts_changed(figure, before)
    found = tuple(sorted(changes, key=lambda change: (-abs(change.difference), change.client_name, change.client_id)))
    return Figure(
        figure.name, figure.kind, figure.value, before.value, figure.value - before.value,
        tuple(change for change in found if change.difference), figure.parts,
    )  # fmt: skip


def _pairs(figure: Figure, before: Figure) -> Iterable[tuple[str, str, Part, Part]]:
    """(client, name, part before, part now) of the clients whose parts differ; none is a part of nothing."""
    for key in {**before.parts, **figure.parts}:
        now, then = figure.parts.get(key, NO_PART), before.parts.get(key, NO_PART)
        if (now.amount, now.of) != (then.amount, then.of):
            yield key, now.client_name or then.client_name, then, now


def _amounts_changed(figure: Figure, before: Figure) -> Iterable[Change]:
    for key, name, then, now in _pairs(figure, before):
        yield Change(key, name, then.amount or None, now.amount or None, float(now.amount - then.amount))


def _shares_changed(figure: Figure, before: Figure) -> Iterable[Change]:
    """Each client's part of the difference of two shares K/D − k/d.

    With r the mean of the shares and m the mean of D and d it is ((K_i − k_i) − r·(D_i − d_i)) / m: the sum over clients is
    K/D − k/d exactly, and a client that stayed as it was has no part in it.
    """
    (kept, of), (kept_before, of_before) = _sums(figure.parts), _sums(before.parts)
    rate, mean = (kept / of + kept_before / of_before) / 2, Fraction(of + of_before, 2)
    for key, name, then, now in _pairs(figure, before):
        difference = (Fraction(now.amount - then.amount) - rate * (now.of - then.of)) / mean
        yield Change(key, name, _rate(then), _rate(now), float(difference))


def _rate(part: Part) -> Decimal | None:
    return part.amount / part.of if part.of else None

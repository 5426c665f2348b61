"""What was done with the clients of the demo: touches about their orders and between them, and the words for it."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from kam.demo.company import FIRST_DAY, LAST_DAY, SILENT, Client, Demo, Touch, working


def add_touches(demo: Demo, rng: random.Random) -> None:
    for case, client in zip(demo.words["planted"], demo.clients, strict=False):
        for day, kind in case.get("touches", []):
            demo.touches.append(_touch(demo, rng, client, day, kind))
    planted = {case["code"]: "touches" in case for case in demo.words["planted"]}
    days: dict[str, list[date]] = {}
    for order in demo.orders:
        if not order.is_cancelled and order.amount > 0:
            days.setdefault(order.client.id, []).append(order.on)
    for client in demo.clients:
        if client.manager != SILENT and not planted.get(client.code):
            demo.touches += _contacts_of(demo, rng, client, sorted(set(days.get(client.id, []))))
    demo.touches.sort(key=lambda touch: (touch.at, touch.client.id))


def _contacts_of(demo: Demo, rng: random.Random, client: Client, days: Sequence[date]) -> list[Touch]:
    care = demo.words["diligence"][client.manager if client.manager is not None else 3]
    planned = list(_around_orders(rng, client, days, care)) + list(_between_orders(rng, client, days, care))
    if days and int(client.id) % 29 == 0:  # a pet of its manager: touched far beyond the norm
        planned += [(working(LAST_DAY - timedelta(days=back)), "standard/" + _reason(rng)) for back in range(1, 90, 5)]
    return [_touch(demo, rng, client, day, kind) for day, kind in planned if FIRST_DAY <= day <= LAST_DAY]


def _density(day: date) -> float:
    """The CRM came in slowly: little is logged in the first year, everything in the last."""
    age = (LAST_DAY - day).days
    return 1.0 if age < 330 else 0.15 if age < 700 else 0.05


def _around_orders(rng: random.Random, client: Client, days: Sequence[date], care: float) -> Iterator[tuple[date, str]]:
    per_order = client.mandatory or (3 if client.sales_type == "project" else 2)
    for day in days:
        if rng.random() > _density(day):
            continue
        for _ in range(per_order):
            if rng.random() < care * 0.92:
                yield working(day + timedelta(days=rng.randrange(0, 9))), "mandatory"
        if rng.random() < 0.35:
            yield working(day - timedelta(days=rng.randrange(0, 3))), "deal"
        if rng.random() < 0.05:
            yield working(day + timedelta(days=rng.randrange(2, 12))), "problem"
        if rng.random() < care * 0.95:
            yield (
                working(day - timedelta(days=rng.randrange(1, 6))),
                _mixed(rng, "need", "standard+need", 0.08),
            )
        if rng.random() < care * 0.85:
            yield working(day + timedelta(days=rng.randrange(6, 15))), "need"


def _mixed(rng: random.Random, usual: str, other: str, share: float) -> str:
    return other if rng.random() < share else usual


def _between_orders(rng: random.Random, client: Client, days: Sequence[date], care: float) -> Iterator[tuple[date, str]]:
    first = days[0] if days else LAST_DAY - timedelta(days=200)
    care = care if days else care * 0.3
    last = LAST_DAY if client.life != "lost" else min(LAST_DAY, days[-1] + timedelta(days=150))
    day = first
    while day <= last:
        day += timedelta(days=rng.randrange(18, 34))
        chance = rng.random() / _density(min(day, LAST_DAY))
        if chance < care * 0.88:
            yield working(day), "standard/" + _reason(rng)
        elif chance < care * 0.88 + 0.1:
            yield (
                working(day),
                rng.choice(("attempt", "attempt", "attempt", "unrecognised", "unrecognised", "internal")),
            )


def _reason(rng: random.Random) -> str:
    if rng.random() < 0.07:
        return f"x{rng.randrange(1, 5)}"
    return f"r{rng.randrange(1, 19)}"


def _touch(demo: Demo, rng: random.Random, client: Client, day: date, kind: str) -> Touch:
    text = rng.choice(demo.words["phrases"][kind])
    hour, minute = rng.randrange(9, 18), rng.randrange(0, 60, 5)
    is_said = kind.partition("/")[0] in demo.words["kinds"] and day.year == 2026 and not client.code and rng.random() < 0.15
    return Touch(client, datetime.combine(day, time(hour, minute)), kind, text, _channel(rng, kind), is_said)


def _channel(rng: random.Random, kind: str) -> str:
    head = kind.partition("/")[0]
    if head == "internal":
        return "note"
    if head == "attempt":
        return "call"
    if head == "standard":
        return rng.choice(("call", "meeting", "letter", "message", "mailing"))
    return rng.choice(("call", "call", "incoming", "meeting", "letter", "message"))

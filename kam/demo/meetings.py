"""Which meetings of the demo were annual ones (METHOD 6, rule 13): some of those held with the clients that give us the most.

No touch is added for it: a meeting that was held anyway gets another subject.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from kam.demo.company import LAST_DAY, Client, Demo, Touch, year_before

LATELY = (0, 340)  # days before the last day: held within the year
LONG_AGO = (400, 600)  # and 13 to 20 months ago


def name_annual_meetings(demo: Demo, rng: random.Random) -> None:
    """The best client has one every year; another had its last 13 to 20 months ago, two of three others within the year."""
    meetings: dict[str, list[Touch]] = defaultdict(list)
    for touch in demo.touches:
        if touch.channel == "meeting" and touch.kind.partition("/")[0] in ("need", "standard+need", "standard", "mandatory"):
            meetings[touch.client.id].append(touch)
    named: dict[Touch, str] = {}
    for place, client in enumerate(_best(demo)):
        old = _one(rng, meetings[client.id], LONG_AGO)
        new = _one(rng, meetings[client.id], LATELY) if place == 0 or (not old and place % 3 != 1) else None
        named |= {touch: rng.choice(demo.words["annual"]) for touch in (old, new) if touch is not None}
    demo.touches = [replace(touch, subject=named[touch]) if touch in named else touch for touch in demo.touches]


def _best(demo: Demo) -> list[Client]:
    """Clients of the upper fifth by the year's revenue who spend at least half of their budget with us, the biggest first."""
    revenue: dict[str, Decimal] = defaultdict(Decimal)
    for order in demo.orders:
        if order.on > year_before(LAST_DAY) and not order.is_cancelled:
            revenue[order.client.id] += order.amount
    ranked = sorted(demo.clients, key=lambda client: -revenue[client.id])[: len(demo.clients) // 5]
    return [client for client in ranked if client.potential and revenue[client.id] * 2 >= client.potential]


def _one(rng: random.Random, meetings: list[Touch], ages: tuple[int, int]) -> Touch | None:
    """A meeting of that age in days, rather one at which the next orders were spoken of."""
    aged = [touch for touch in meetings if ages[0] <= (LAST_DAY - touch.at.date()).days <= ages[1]]
    return rng.choice([touch for touch in aged if "need" in touch.kind] or aged) if aged else None

"""Who the clients of the demo are: the planted cases, and a population in which every status of METHOD 4 occurs.

A client's orders are drawn with it, because its potential follows from them; how orders look is orders.py.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from kam.demo.company import LAST_DAY, SILENT, Client, Demo, Order, year_before
from kam.demo.orders import add_planted_orders, history

# Of every hundred clients that are not planted, how many are of each status.
LIVES = {
    "loyal": 22,
    "regular": 20,
    "drowsing": 9,
    "returned": 6,
    "asleep": 11,
    "lost": 9,
    "new": 8,
    "one_time": 6,
    "prospect": 9,
}


def add_planted(demo: Demo) -> None:
    words = demo.words
    for position, case in enumerate(words["planted"]):
        client = Client(
            id=str(101 + position),
            name=words["forms"][0].format(name=case["name"]),
            tax_id=_tax_id(position),
            manager=case["manager"],
            sales_type=case.get("type", "transactional"),
            is_type_given=True,
            segment=words["segments"][position % len(words["segments"])],
            region=words["regions"][position % len(words["regions"])],
            industry=words["industries"][position % len(words["industries"])],
            life=case["expect"].get("status", ""),
            scale=0.0,
            code=case["code"],
            potential=case.get("potential"),
            since=case.get("since"),
            is_lost=case.get("lost", False),
            is_key=case.get("key", False),
        )
        demo.clients.append(client)
        add_planted_orders(demo, client, case)


def _tax_id(position: int) -> str:
    return f"00{(position + 1) * 7919 % 10**8:08d}"


def add_population(demo: Demo, rng: random.Random, count: int) -> None:
    names = _names(demo.words, rng)
    lives = [life for life, share in LIVES.items() for _ in range(share)]
    for position in range(len(demo.clients), count):
        life = lives[position * 37 % len(lives)]  # 37 and 100 share no factor: every hundred clients has every life
        client = _client(demo.words, rng, position, next(names), life)
        orders = history(demo, rng, client)
        demo.clients.append(_with_potential(rng, client, orders))
        demo.orders += [replace(order, client=demo.clients[-1]) for order in orders]


def _names(words: dict[str, Any], rng: random.Random) -> Iterator[str]:
    """Company names that never repeat, in the spellings that real lists mix."""
    pairs = [root + "-" + suffix for root in words["roots"] for suffix in words["suffixes"]]
    rng.shuffle(pairs)
    people = [f"{surname} {initials}" for surname in words["surnames"] for initials in words["initials"]]
    rng.shuffle(people)
    turn = 0
    while True:
        for number, pair in enumerate(pairs):
            form = words["forms"][number % len(words["forms"])]
            ending = f" {turn + 1}" if turn else ""
            person = people[number % len(people)] + ending
            yield form.format(name=pair + ending, person=person)
        turn += 1


def _client(words: dict[str, Any], rng: random.Random, position: int, name: str, life: str) -> Client:
    is_project = life not in ("one_time",) and rng.random() < 0.17
    scale = math.exp(rng.gauss(math.log(1_500_000 if is_project else 420_000), 0.8 if is_project else 1.2))
    manager: int | None = min(int(rng.random() * 6.6), SILENT)
    if position % 97 == 0:
        manager = None
    return Client(
        id=str(101 + position),
        name=name,
        tax_id=_tax_id(position),
        manager=manager,
        sales_type="project" if is_project else "transactional",
        is_type_given=life != "loyal" or rng.random() < 0.5,
        segment=rng.choice(words["segments"]),
        region=rng.choice(words["regions"]),
        industry=rng.choice(words["industries"]),
        life=life,
        scale=min(max(scale, 45_000.0), 9_000_000.0),
        is_key=scale > 6_000_000 and rng.random() < 0.4,
        is_listed=not (life in ("regular", "lost") and position % 31 == 0),
        mandatory=rng.choice((1, 2, 3, 4)) if rng.random() < 0.05 else None,
        employees=round(min(max(scale / 60_000, 3), 900)),
    )


def _with_potential(rng: random.Random, client: Client, orders: Sequence[Order]) -> Client:
    """The share of its budget that a client gives us is drawn first, its potential follows from the year's orders."""
    revenue = sum(
        (order.amount for order in orders if order.on > year_before(LAST_DAY) and not order.is_cancelled),
        Decimal(),
    )
    shares = (0.12, 0.25, 0.4, 0.55, 0.65, 0.75, 0.9) if client.scale > 1_500_000 else (0.06, 0.12, 0.2, 0.3, 0.4, 0.45, 0.55, 0.8)
    share, is_given = rng.choice(shares), rng.random() < 0.8
    if rng.random() < 0.03:
        share = 1.2  # outgrown: bought more than anybody thought possible
    base = float(revenue) if revenue > 0 else client.scale * 0.4
    potential = max(round(base / share / 10_000), 1) * 10_000
    return replace(client, potential=potential if is_given and client.is_listed else None)

"""What the clients of the demo bought: order days that place a client in its status, documents, returns, cancellations."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from kam.demo.company import FIRST_DAY, LAST_DAY, Client, Demo, Order, working, year_before

CYCLE_BASE_DAYS = 38.0  # where the transactional peers' cycle lies, to place a client in its status
PROJECT_DAYS = 120.0
# Days since the last order over the cycle: well inside each status, whatever the borders come to between their limits.
RATIOS = {
    "loyal": (0.1, 1.0), "regular": (0.1, 1.0), "drowsing": (1.55, 1.75), "returned": (0.2, 0.7),
    "asleep": (2.5, 3.6), "lost": (4.9, 9.0), "new": (0.1, 0.6), "one_time": (2.4, 9.0), "prospect": (0.0, 0.0),
}  # fmt: skip


def add_planted_orders(demo: Demo, client: Client, case: dict[str, Any]) -> None:
    """The orders that a planted case names, or one every so many days up to its last."""
    for number, (day, amount) in enumerate(_planted_days(case)):
        demo.orders.append(_planted_order(demo, client, number, day, amount, case.get("is_cancelled", False)))


def _planted_days(case: dict[str, Any]) -> list[tuple[date, int]]:
    if "orders" in case:
        return [(day, amount) for day, amount in case["orders"]]
    first = case["last"] - timedelta(days=case["every"] * (case["count"] - 1))
    return [(first + timedelta(days=case["every"] * step), case["amount"]) for step in range(case["count"])]


def _planted_order(demo: Demo, client: Client, number: int, day: date, amount: int, is_cancelled: bool) -> Order:
    product = demo.words["products"][number % len(demo.words["products"])]
    return Order(
        client,
        day,
        _number(demo, amount < 0),
        Decimal(amount),
        product,
        1,
        Decimal(abs(amount)),
        is_cancelled,
    )


def _number(demo: Demo, is_return: bool) -> str:
    words = demo.words["words"]
    return str(words["return_number" if is_return else "number"]).format(number=len(demo.orders) + 1)


def in_order(demo: Demo) -> list[Order]:
    """Orders by day, their documents numbered in that order, as an accounting system does."""
    ordered = sorted(demo.orders, key=lambda order: (order.on, order.client.id, order.number))
    numbers: dict[tuple[str, str], str] = {}
    for order in ordered:
        key = order.client.id, order.number
        if key not in numbers:
            template = demo.words["words"]["return_number" if order.amount < 0 else "number"]
            numbers[key] = template.format(number=len(numbers) + 1)
    return [replace(order, number=numbers[order.client.id, order.number]) for order in ordered]


def history(demo: Demo, rng: random.Random, client: Client) -> list[Order]:
    if client.life == "prospect":
        return []
    days, cycle = _days(rng, client)
    level = client.scale * cycle / 365.0
    orders: list[Order] = []
    growth = rng.uniform(0.0, 0.25)
    for day in days:
        trend = 1.0 + growth * (day - FIRST_DAY).days / 365.0
        orders += _document(demo, rng, client, day, level * trend * math.exp(rng.gauss(0.0, 0.22)), len(orders))
    return _returns(demo, rng, client, _shaped(rng, client, orders))


def _days(rng: random.Random, client: Client) -> tuple[list[date], float]:
    """Order days of a client that stands where its life says on the last day, and its own cycle in days."""
    is_project = client.sales_type == "project"
    cycle = rng.uniform(104, 132) if is_project else min(max(math.exp(rng.gauss(math.log(40), 0.33)), 14.0), 57.0)
    gaps = _gaps(rng, client, cycle)
    ratio = rng.uniform(*RATIOS[client.life])
    days: list[date] = []
    expected = PROJECT_DAYS if is_project else cycle
    for _ in range(4):  # the cycle depends on which intervals are recent, they on the last day: it settles at once
        since = ratio * expected
        if client.life == "lost":
            since = min(max(since, 215.0), 720.0)
        days = _laid(gaps, since)
        expected = PROJECT_DAYS if is_project else _cycle(days)
    return days, cycle


def _gaps(rng: random.Random, client: Client, cycle: float) -> list[float]:
    """Intervals in days, the newest first."""
    spread = rng.uniform(0.1, 0.2) if client.sales_type == "project" else rng.uniform(0.12, 0.3)
    gaps = [cycle * min(max(math.exp(rng.gauss(0.0, spread)), 0.5), 2.2) for _ in range(int(1250 / cycle))]
    if client.life == "one_time":
        return []
    if client.life == "new":
        return gaps[:1] if rng.random() < 0.5 and cycle < 45 else []
    if client.life in ("loyal", "regular"):
        gaps[:4] = [min(gap, cycle * 1.22) for gap in gaps[:4]]
    if client.life == "returned":
        expected = PROJECT_DAYS if client.sales_type == "project" else cycle
        gaps[0] = expected * rng.uniform(2.7, 3.4)
    return _regular(rng, client, cycle, gaps[: max(8, int(rng.uniform(0.3, 1.5) * len(gaps)))])


def _regular(rng: random.Random, client: Client, cycle: float, gaps: list[float]) -> list[float]:
    """A regular client fails to be loyal by one thing: a long interval of late, or a short history; else see _shaped."""
    flaw = _flaw(client)
    if flaw == "interval":
        gaps[1] = cycle * rng.uniform(1.95, 2.1)
    if flaw == "tenure":
        return gaps[: max(4, int(rng.uniform(150, 280) / cycle))]
    return gaps


def _flaw(client: Client) -> str:
    if client.life != "regular":
        return ""
    if client.sales_type == "project":
        return "revenue"
    return ("interval", "tenure", "revenue")[int(client.id) % 3]


def _laid(gaps: Sequence[float], since: float) -> list[date]:
    days: list[date] = []
    back = since
    for gap in [0.0, *gaps]:
        back += gap
        day = working(LAST_DAY - timedelta(days=round(back)))
        if day < FIRST_DAY:
            break
        days.append(day)
    return sorted(set(days))


def _cycle(days: Sequence[date]) -> float:
    """About where the product will see the cycle of these order days, in days."""
    border = LAST_DAY - timedelta(days=730)
    gaps = sorted((b - a).days for a, b in pairwise(days) if a >= border)
    if not gaps:
        return CYCLE_BASE_DAYS
    middle = (gaps[(len(gaps) - 1) // 2] + gaps[len(gaps) // 2]) / 2
    return math.exp((2 * math.log(CYCLE_BASE_DAYS) + len(gaps) * math.log(middle)) / (2 + len(gaps)))


def _document(demo: Demo, rng: random.Random, client: Client, day: date, money: float, offset: int) -> list[Order]:
    """The lines of a day: mostly one document of one or two lines, sometimes a second document, seldom a cancelled one."""
    products = demo.words["projects"]["products"] if client.sales_type == "project" else demo.words["products"]
    line_count = 2 if rng.random() < 0.22 else 1
    is_split = rng.random() < 0.03
    first = len(demo.orders) + offset + 1
    lines = []
    for line in range(line_count + is_split):
        number = demo.words["words"]["number"].format(number=first + (line if is_split else 0))
        lines.append(_line(rng, client, day, money / (line_count + is_split), rng.choice(products), number))
    if rng.random() < 0.012:
        number = demo.words["words"]["number"].format(number=first + line_count + is_split)
        lines.append(replace(lines[0], number=number, is_cancelled=True))
    return lines


def _line(rng: random.Random, client: Client, day: date, money: float, product: dict[str, Any], number: str) -> Order:
    price = Decimal(round(product["price"] * rng.uniform(0.94, 1.06) * 100)) / 100
    quantity = max(1, round(money / float(price)))
    if quantity == 1:  # a part, a service or a bigger machine of the same name: the price gives way
        price = Decimal(max(round(money / 10), 30)) * 10
    return Order(client, day, number, price * quantity, product, quantity, price)


def _shaped(rng: random.Random, client: Client, orders: list[Order]) -> list[Order]:
    """Hold a loyal client's last year to the year before, and let a regular one fall behind it."""
    year, before = year_before(LAST_DAY), year_before(year_before(LAST_DAY))
    now = sum((order.amount for order in orders if order.on > year and not order.is_cancelled), Decimal())
    then = sum((order.amount for order in orders if before < order.on <= year and not order.is_cancelled), Decimal())
    target = {"loyal": rng.uniform(0.97, 1.2), "revenue": rng.uniform(0.45, 0.68)}.get(_flaw(client) or client.life)
    if target is None or not now or not then:
        return orders
    if client.life == "loyal" and now >= then:
        return orders
    factor = Decimal(str(round(float(then / now) * target, 4)))
    return [_priced(order, factor) if order.on > year else order for order in orders]


def _priced(order: Order, factor: Decimal) -> Order:
    price = (order.price * factor).quantize(Decimal("0.01"))
    return replace(order, price=price, amount=price * order.quantity)


def _returns(demo: Demo, rng: random.Random, client: Client, orders: list[Order]) -> list[Order]:
    """A part of a delivery comes back some days later, on a document of its own; not where it could change the status."""
    if client.life in ("loyal", "new", "one_time"):
        return orders
    taken = [order for order in orders if not order.is_cancelled and order.quantity > 3 and rng.random() < 0.02]
    back: list[Order] = []
    for order in taken:
        number = demo.words["words"]["return_number"].format(number=len(demo.orders) + len(orders) + len(back) + 1)
        quantity = max(1, order.quantity // 4)
        day = min(working(order.on + timedelta(days=rng.randrange(3, 12))), LAST_DAY)
        if day not in {other.on for other in orders}:
            back.append(replace(order, on=day, number=number, quantity=quantity, amount=-order.price * quantity))
    return orders + back

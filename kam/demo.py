"""The demo: exports of an invented Russian supplier, three years up to a fixed Friday, with answers that a test knows.

Pure Python and a fixed seed, so the same files come out on every machine. It owns the planted cases and how the files
look; it must not know how they are read, and computes no measure of the product: what it tells in `answers` holds by
construction. Words and planted cases are data/demo.toml.
"""

from __future__ import annotations

import csv
import io
import math
import random
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa

from kam import exports

ROOT = Path(__file__).resolve().parent.parent
WORDS = ROOT / "data" / "demo.toml"
SAMPLE = ROOT / "data" / "sample"
ANSWERS = "answers.toml"

SEED = 20261120
LAST_DAY = date(2026, 11, 20)
FIRST_DAY = date(2023, 11, 21)
CLIENT_COUNT = 300
ROWS_PER_CLIENT = 16  # order rows that a client comes to, on average; only used to scale
PROMISE_EXPORTS = tuple(LAST_DAY - timedelta(days=days) for days in (84, 56, 35, 28, 21, 14, 7, 0))
SILENT = 6  # the manager who logs nothing
CYCLE_BASE_DAYS = 38.0  # where the transactional peers' cycle lies, to place a client in its status
PROJECT_DAYS = 120.0

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
# Days since the last order over the cycle: well inside each status, whatever the borders come to between their limits.
RATIOS = {
    "loyal": (0.1, 1.0), "regular": (0.1, 1.0), "drowsing": (1.55, 1.75), "returned": (0.2, 0.7),
    "asleep": (2.5, 3.6), "lost": (4.9, 9.0), "new": (0.1, 0.6), "one_time": (2.4, 9.0), "prospect": (0.0, 0.0),
}  # fmt: skip

Cell = str | int | float | date | datetime | None
Row = list[Cell]


@dataclass(frozen=True)
class DemoFile:
    """A file of the demo: its name, the sheet's title, the rows (header first) and the day the export was taken."""

    name: str
    sheet: str
    rows: list[Row]
    captured_on: date


@dataclass(frozen=True)
class Client:
    """An invented client and the life it leads; `code` names a planted case."""

    id: str
    name: str
    tax_id: str
    manager: int | None
    sales_type: str
    is_type_given: bool
    segment: str
    region: str
    industry: str
    life: str
    scale: float
    code: str = ""
    potential: int | None = None
    since: date | None = None
    is_lost: bool = False
    is_key: bool = False
    is_listed: bool = True
    mandatory: int | None = None
    employees: int = 10


@dataclass(frozen=True)
class Order:
    """One line of a document; a negative amount is a return."""

    client: Client
    on: date
    number: str
    amount: Decimal
    product: dict[str, Any]
    quantity: int
    price: Decimal
    is_cancelled: bool = False


@dataclass(frozen=True)
class Touch:
    """One activity as it was meant; `kind` is kind or kind/reason."""

    client: Client
    at: datetime
    kind: str
    text: str
    channel: str
    is_said: bool = False  # the export itself says the kind


@dataclass(frozen=True)
class Move:
    """A due date that changed on a day; a silent one has no record."""

    on: date
    to: date
    is_recorded: bool = True
    is_explained: bool = True
    is_apologised: bool = True


@dataclass(frozen=True)
class Promise:
    """What was promised, how its due moved, how it ended, and what the product must say of it."""

    id: str
    client: Client
    text: str
    made_on: date
    due_on: date | None
    state: str
    moves: tuple[Move, ...] = ()
    done_on: date | None = None
    is_original_given: bool = False
    skips: tuple[date, ...] = ()


@dataclass
class Demo:
    """Everything the files are made of."""

    words: dict[str, Any]
    clients: list[Client] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    touches: list[Touch] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)


# What others call --------------------------------------------------------------------------------------------------


def write(out: Path, rows: int | None = None, seed: int = SEED) -> list[Path]:
    """Write the exports and answers.toml into `out` and give the paths of the exports.

    rows: about how many order rows there are to be; the shipped sample is the default. OSError where `out` is no place.
    """
    out.mkdir(parents=True, exist_ok=True)
    demo = build(rows, seed)
    made = files(demo)
    for file in made:
        (out / file.name).write_bytes(_bytes(file))
    (out / ANSWERS).write_text(_toml(answers(demo)), encoding="utf-8")
    return [out / file.name for file in made]


def captured_on(path: Path) -> date:
    """The day an export of the demo was taken: the one in its name, else the last day of the demo."""
    found = re.search(r"\d{4}-\d{2}-\d{2}", path.name)
    return date.fromisoformat(found.group()) if found else LAST_DAY


def sample_files() -> list[Path]:
    """The exports that ship with the product, in the order in which they are best loaded: clients first."""
    words = _words()
    first = words["files"]["clients"].split("{")[0]
    paths = [path for path in SAMPLE.iterdir() if path.name != ANSWERS]
    return sorted(paths, key=lambda path: (not path.name.startswith(first), path.name))


def build(rows: int | None = None, seed: int = SEED) -> Demo:
    """The invented company: clients, orders, touches and promises, the same for the same arguments."""
    count = CLIENT_COUNT if rows is None else max(60, round(rows / ROWS_PER_CLIENT))
    demo = Demo(_words())
    _add_planted(demo)
    _add_population(demo, random.Random(seed), count)
    demo.orders = _in_order(demo)
    _add_touches(demo, random.Random(seed + 1))
    _add_promises(demo, random.Random(seed + 2))
    return demo


def _words() -> dict[str, Any]:
    return tomllib.loads(WORDS.read_text(encoding="utf-8"))


# Clients -----------------------------------------------------------------------------------------------------------


def _add_planted(demo: Demo) -> None:
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
        for number, (day, amount) in enumerate(_planted_orders(case)):
            demo.orders.append(_planted_order(demo, client, number, day, amount, case.get("is_cancelled", False)))


def _planted_orders(case: dict[str, Any]) -> list[tuple[date, int]]:
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


def _in_order(demo: Demo) -> list[Order]:
    """Orders by day, their documents numbered in that order, as an accounting system does."""
    ordered = sorted(demo.orders, key=lambda order: (order.on, order.client.id, order.number))
    numbers: dict[tuple[str, str], str] = {}
    for order in ordered:
        key = order.client.id, order.number
        if key not in numbers:
            template = demo.words["words"]["return_number" if order.amount < 0 else "number"]
            numbers[key] = template.format(number=len(numbers) + 1)
    return [replace(order, number=numbers[order.client.id, order.number]) for order in ordered]


def _tax_id(position: int) -> str:
    return f"00{(position + 1) * 7919 % 10**8:08d}"


def _add_population(demo: Demo, rng: random.Random, count: int) -> None:
    names = _names(demo.words, rng)
    lives = [life for life, share in LIVES.items() for _ in range(share)]
    for position in range(len(demo.clients), count):
        life = lives[position * 37 % len(lives)]  # 37 and 100 share no factor: every hundred clients has every life
        client = _client(demo.words, rng, position, next(names), life)
        orders = _history(demo, rng, client)
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
        (order.amount for order in orders if order.on > _year_before(LAST_DAY) and not order.is_cancelled),
        Decimal(),
    )
    shares = (
        (0.12, 0.25, 0.4, 0.55, 0.65, 0.75, 0.9) if client.scale > 1_500_000 else (0.06, 0.12, 0.2, 0.3, 0.4, 0.45, 0.55, 0.8)
    )
    share, is_given = rng.choice(shares), rng.random() < 0.8
    if rng.random() < 0.03:
        share = 1.2  # outgrown: bought more than anybody thought possible
    base = float(revenue) if revenue > 0 else client.scale * 0.4
    potential = max(round(base / share / 10_000), 1) * 10_000
    return replace(client, potential=potential if is_given and client.is_listed else None)


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1)


# Orders ------------------------------------------------------------------------------------------------------------


def _history(demo: Demo, rng: random.Random, client: Client) -> list[Order]:
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
        day = _working(LAST_DAY - timedelta(days=round(back)))
        if day < FIRST_DAY:
            break
        days.append(day)
    return sorted(set(days))


def _working(day: date) -> date:
    """The same day or the working day before it; nobody ships in the first week of January."""
    while day.weekday() >= 5 or (day.month == 1 and day.day <= 8):
        day -= timedelta(days=1)
    return day


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
    year, before = _year_before(LAST_DAY), _year_before(_year_before(LAST_DAY))
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
        day = min(_working(order.on + timedelta(days=rng.randrange(3, 12))), LAST_DAY)
        if day not in {other.on for other in orders}:
            back.append(replace(order, on=day, number=number, quantity=quantity, amount=-order.price * quantity))
    return orders + back


# Touches -----------------------------------------------------------------------------------------------------------


def _add_touches(demo: Demo, rng: random.Random) -> None:
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
        planned += [(_working(LAST_DAY - timedelta(days=back)), "standard/" + _reason(rng)) for back in range(1, 90, 5)]
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
                yield _working(day + timedelta(days=rng.randrange(0, 9))), "mandatory"
        if rng.random() < 0.35:
            yield _working(day - timedelta(days=rng.randrange(0, 3))), "deal"
        if rng.random() < 0.05:
            yield _working(day + timedelta(days=rng.randrange(2, 12))), "problem"
        if rng.random() < care * 0.95:
            yield (
                _working(day - timedelta(days=rng.randrange(1, 6))),
                _mixed(rng, "need", "standard+need", 0.08),
            )
        if rng.random() < care * 0.85:
            yield _working(day + timedelta(days=rng.randrange(6, 15))), "need"


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
            yield _working(day), "standard/" + _reason(rng)
        elif chance < care * 0.88 + 0.1:
            yield (
                _working(day),
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


# Promises ----------------------------------------------------------------------------------------------------------


def _add_promises(demo: Demo, rng: random.Random) -> None:
    """Every state and every way to get there, once with fixed days, then many with drawn ones."""
    clients = [
        client for client in demo.clients if client.manager not in (None, SILENT) and client.life not in ("prospect", "lost")
    ]
    for make in _FIXED:
        demo.promises.append(make(demo, clients[len(demo.promises) * 7 % len(clients)]))
    for _ in range(round(len(clients) * 0.9)):
        demo.promises.append(_drawn(demo, rng, rng.choice(clients)))


def _promise(demo: Demo, client: Client, state: str, made: date, due: date | None, **rest: Any) -> Promise:
    number = len(demo.promises) + 1
    texts = demo.words["words"]["promises"]
    return Promise(f"{number:05d}", client, texts[number % len(texts)], made, due, state, **rest)


def _fixed(
    state: str,
    made: date,
    due: date | None,
    moves: tuple[Move, ...] = (),
    done_on: date | None = None,
    is_original_given: bool = False,
    skips: tuple[date, ...] = (),
) -> Callable[[Demo, Client], Promise]:
    """A promise with fixed days, still without its number and client."""
    rest = {"moves": moves, "done_on": done_on, "is_original_given": is_original_given, "skips": skips}
    return lambda demo, client: _promise(demo, client, state, made, due, **rest)


_POORLY_MOVED = Move(date(2026, 3, 9), date(2026, 3, 20), is_apologised=False)
_PROPERLY_MOVED = Move(date(2026, 10, 9), date(2026, 10, 22))
_SILENTLY_BY_TEN = Move(date(2026, 11, 3), date(2026, 11, 22), is_recorded=False)
_SILENTLY_IN_SUMMER = Move(date(2026, 7, 18), date(2026, 8, 3), is_recorded=False)
_SILENTLY_THRICE = (
    Move(date(2026, 10, 19), date(2026, 10, 27), is_recorded=False),
    Move(date(2026, 10, 26), date(2026, 11, 6), is_recorded=False),
    Move(date(2026, 11, 5), date(2026, 11, 16), is_recorded=False),
)
_FIXED = (
    _fixed("kept_on_time", date(2026, 10, 1), date(2026, 10, 20), done_on=date(2026, 10, 20)),
    _fixed("kept_late", date(2026, 10, 1), date(2026, 10, 20), done_on=date(2026, 10, 21)),
    # METHOD 9: moved with explanation and a new date, no apology: 3 of 4, kept late by 8 days.
    _fixed("kept_late", date(2026, 2, 20), date(2026, 3, 10), (_POORLY_MOVED,), date(2026, 3, 18), True),
    _fixed("kept_as_agreed", date(2026, 9, 1), date(2026, 10, 12), (_PROPERLY_MOVED,), date(2026, 10, 22)),
    # Moved by ten days between the exports of 30 October and 6 November, nobody told.
    _fixed("open", date(2026, 10, 12), date(2026, 11, 12), (_SILENTLY_BY_TEN,)),
    # Moved in silence three times, and overdue since Monday.
    _fixed("overdue", date(2026, 9, 28), date(2026, 10, 20), _SILENTLY_THRICE),
    # Against the original alone: the column keeps the first due, nobody recorded the move.
    _fixed("kept_late", date(2026, 7, 1), date(2026, 7, 20), (_SILENTLY_IN_SUMMER,), date(2026, 7, 31), True),
    _fixed("overdue", date(2026, 11, 2), date(2026, 11, 19)),
    _fixed("open", date(2026, 11, 2), date(2026, 11, 20)),
    _fixed("undated", date(2026, 10, 5), None),
    _fixed("undated", date(2026, 10, 5), None, done_on=date(2026, 10, 30)),
    _fixed("cancelled", date(2026, 9, 7), date(2026, 10, 2)),
    # Missing from one export: not moved.
    _fixed("open", date(2026, 10, 1), date(2026, 12, 1), skips=(date(2026, 11, 6),)),
    # Over the holiday of 4 November: six calendar days, three working ones.
    _fixed("kept_late", date(2026, 10, 12), date(2026, 10, 30), done_on=date(2026, 11, 5)),
)


_DRAWN = {
    "kept_on_time": 46,
    "kept_late": 12,
    "kept_as_agreed": 8,
    "open": 12,
    "overdue": 10,
    "undated": 4,
    "cancelled": 3,
    "silent": 5,
}


def _drawn(demo: Demo, rng: random.Random, client: Client) -> Promise:
    shape = rng.choices(list(_DRAWN), list(_DRAWN.values()))[0]
    made = _working(LAST_DAY - timedelta(days=rng.randrange(40, 300)))
    due = made + timedelta(days=rng.randrange(5, 21))
    if shape == "kept_on_time":
        return _promise(demo, client, shape, made, due, done_on=due - timedelta(days=rng.randrange(0, 4)))
    if shape == "kept_late":
        return _promise(demo, client, shape, made, due, done_on=due + timedelta(days=rng.randrange(1, 16)))
    if shape == "kept_as_agreed":
        move = Move(due - timedelta(days=rng.randrange(0, 3)), due + timedelta(days=10))
        return _promise(
            demo,
            client,
            shape,
            made,
            due,
            moves=(move,),
            done_on=due + timedelta(days=rng.randrange(1, 11)),
            is_original_given=True,
        )
    if shape in ("undated", "cancelled"):
        return _promise(demo, client, shape, made, None if shape == "undated" else due)
    return _drawn_open(demo, rng, client, shape)


def _drawn_open(demo: Demo, rng: random.Random, client: Client, shape: str) -> Promise:
    made = _working(LAST_DAY - timedelta(days=rng.randrange(25, 60)))
    if shape == "overdue":
        return _promise(demo, client, shape, made, LAST_DAY - timedelta(days=rng.randrange(1, 22)))
    ahead = LAST_DAY + timedelta(days=rng.randrange(0, 30))
    if shape == "open":
        return _promise(demo, client, shape, made, ahead)
    seen = PROMISE_EXPORTS[rng.randrange(5, 8)]  # shown by one export, unlike the one before
    move = Move(seen - timedelta(days=2), ahead, is_recorded=False)
    return _promise(demo, client, "open", made, ahead - timedelta(days=rng.randrange(5, 15)), moves=(move,))


# Files -------------------------------------------------------------------------------------------------------------


def files(demo: Demo) -> list[DemoFile]:
    """The exports of the demo, clients first; csv ones are cp1251 with `;` and decimal commas."""
    words = demo.words
    return [
        _file(words, "clients", _client_rows(demo)),
        *_split(words, "orders", _order_rows(demo), 0, 2025),
        *_split(words, "touches", _touch_rows(demo), 1, 2026),
        *(_file(words, "promises", _promise_rows(demo, day), day) for day in PROMISE_EXPORTS),
        _file(words, "contacts", _contact_rows(demo)),
        _file(words, "staff", _staff_rows(words)),
    ]


def _file(words: dict[str, Any], table: str, rows: list[Row], day: date = LAST_DAY, name: str | None = None) -> DemoFile:
    header: list[Row] = [list(words["headers"][table])]
    return DemoFile((name or words["files"][table]).format(day=day), words["sheets"].get(table, table), header + rows, day)


def _split(words: dict[str, Any], table: str, rows: list[Row], column: int, year: int) -> list[DemoFile]:
    """The years before `year` as an archive, the rest as the running book; what has no date goes to the archive."""
    dates = [row[column] for row in rows]
    is_new = [isinstance(day, date) and day.year >= year for day in dates]
    old = [row for row, flag in zip(rows, is_new, strict=True) if not flag]
    new = [row for row, flag in zip(rows, is_new, strict=True) if flag]
    return [_file(words, table, old, name=words["files"][f"{table}_archive"]), _file(words, table, new)]


def _flag(words: dict[str, Any], value: bool) -> str | None:
    return words["words"]["yes"] if value else None


def _manager(words: dict[str, Any], client: Client) -> str | None:
    return None if client.manager is None else words["managers"][client.manager]


def _client_rows(demo: Demo) -> list[Row]:
    words = demo.words
    rows: list[Row] = []
    for client in demo.clients:
        if not client.is_listed:
            continue
        number = int(client.id)
        rows.append([
            client.id, client.name, client.tax_id, _manager(words, client),
            words["words"][client.sales_type] if client.is_type_given else None,
            client.segment, client.region, client.industry, client.potential, client.mandatory, client.since,
            _flag(words, client.is_lost), _flag(words, client.is_key), _flag(words, number % 19 == 0),
            _flag(words, client.region == words["regions"][0] and number % 3 == 0), _flag(words, number % 23 == 0),
            _flag(words, number % 17 == 0), client.employees,
            words["folders"][number % 3], words["weekday_notes"][number % 4],
        ])  # fmt: skip
    return rows


def _order_rows(demo: Demo) -> list[Row]:
    rows = [_order_row(demo.words, order) for order in demo.orders]
    return _spoilt(demo.words, rows)


def _order_row(words: dict[str, Any], order: Order) -> Row:
    kind = words["words"]["return" if order.amount < 0 else "sale"]
    status = words["statuses"]["cancelled" if order.is_cancelled else "posted"]
    sign = -1 if order.amount < 0 else 1
    margin = round(float(order.amount) * (0.18 + int(order.client.id) % 15 / 100), 2)
    return [
        order.on, order.number, kind, order.client.id if order.client.is_listed else None, order.client.name,
        order.product["sku"], order.product["name"], order.product["category"], sign * order.quantity,
        float(order.price), float(order.amount), margin, words["words"]["currency"], status,
        _manager(words, order.client), words["warehouses"][int(order.client.id) % len(words["warehouses"])],
    ]  # fmt: skip


def _spoilt(words: dict[str, Any], rows: list[Row]) -> list[Row]:
    """Real files have rows that nobody can use: a day that does not exist, no client, no figure, foreign money."""
    sample = [list(row) for row in rows[40:400:60]]
    for row, bad in zip(sample, words["words"]["bad_date"], strict=False):
        row[0] = bad
    for row in sample[3:5]:
        row[3] = row[4] = None
    sample[5][10] = words["words"]["bad_amount"]
    foreign = list(rows[500])
    foreign[12] = words["words"]["foreign"]
    return _numbered(words, rows, [*sample, foreign])


def _numbered(words: dict[str, Any], rows: list[Row], extra: list[Row]) -> list[Row]:
    for offset, row in enumerate(extra):
        row[1] = words["words"]["number"].format(number=900_001 + offset)
    return rows[:200] + extra + rows[200:]


def _touch_rows(demo: Demo) -> list[Row]:
    words = demo.words
    rows = [_touch_row(words, touch, number) for number, touch in enumerate(demo.touches, start=1)]
    spoilt = [list(row) for row in rows[50:170:40]]
    spoilt[0][1] = words["words"]["bad_date"][1]
    spoilt[1][6] = spoilt[2][6] = None
    for offset, row in enumerate(spoilt):
        row[0] = 900_001 + offset
    return rows[:100] + spoilt + rows[100:]


def _touch_row(words: dict[str, Any], touch: Touch, number: int) -> Row:
    head, _, reason = touch.kind.partition("/")
    status = words["statuses"]["failed" if head == "attempt" else "held"]
    is_personal = touch.channel in ("call", "incoming", "meeting")
    return [
        number, touch.at, words["channels"][touch.channel], status, words["subjects"][head], touch.text,
        touch.client.name, _manager(words, touch.client), _contact_name(words, touch.client, 0) if is_personal else None,
        (60 if touch.channel == "meeting" else 10) if is_personal and head != "attempt" else None,
        words["kinds"][head] if touch.is_said else None, reason if touch.is_said and reason else None,
    ]  # fmt: skip


def _promise_rows(demo: Demo, day: date) -> list[Row]:
    rows = [
        _promise_row(demo.words, promise, day) for promise in demo.promises if promise.made_on <= day and day not in promise.skips
    ]
    if day == LAST_DAY:
        orphan = list(rows[0])
        orphan[0], orphan[2] = "90001", None
        rows.append(orphan)
    return rows


def _promise_row(words: dict[str, Any], promise: Promise, day: date) -> Row:
    moves = [move for move in promise.moves if move.on <= day]
    is_done = promise.done_on is not None and promise.done_on <= day
    status = "task_done" if is_done else "task_cancelled" if promise.state == "cancelled" else "task_open"
    number = int(promise.id)
    recorded = [move for move in moves if move.is_recorded]
    last = recorded[-1] if recorded else None
    return [
        promise.id, promise.text, promise.client.name, _manager(words, promise.client), promise.made_on,
        promise.due_on if promise.is_original_given else None, moves[-1].to if moves else promise.due_on,
        promise.done_on if is_done else None, words["statuses"][status],
        last.on if last else None,
        words["words"]["explanation"][number % 4] if last and last.is_explained else None,
        (words["words"]["apology"] if last.is_apologised else words["words"]["no"]) if last else None,
        last.to if last else None, words["words"]["told"][number % 3] if last else None,
    ]  # fmt: skip


def _contact_rows(demo: Demo) -> list[Row]:
    rows: list[Row] = []
    for client in demo.clients:
        number = int(client.id)
        if client.is_listed and number % 6:
            rows += [_contact_row(demo.words, client, place, len(rows) + place + 1) for place in range(1 + number % 3)]
    rows[5][1] = None
    return rows


def _contact_name(words: dict[str, Any], client: Client, place: int) -> str:
    number = int(client.id) * 7 + place * 5
    return f"{words['surnames'][number % len(words['surnames'])]} {words['names'][number // 3 % len(words['names'])]}"


def _contact_row(words: dict[str, Any], client: Client, place: int, number: int) -> Row:
    title = (int(client.id) + place * 3) % len(words["titles"])
    seen = LAST_DAY - timedelta(days=number * 17 % 700)
    return [
        number, _contact_name(words, client, place), client.name, words["titles"][title], words["roles"][title],
        f"+7 (000) {number % 1000:03d}-{number * 7 % 100:02d}-{number * 3 % 100:02d}", f"contact{number}@client.example",
        date(1965 + number % 35, 1 + number % 12, 1 + number % 28), words["interests"][number % len(words["interests"])],
        seen, seen + timedelta(days=9) if number % 29 == 0 else None, "CRM",
    ]  # fmt: skip


def _staff_rows(words: dict[str, Any]) -> list[Row]:
    levels, roles = words["words"]["staff_levels"], words["words"]["staff_roles"]
    return [
        [name, levels[min(place, 1)], roles[min(place // 3, 1)], 1.0 if place else 0.5, 40]
        for place, name in enumerate(words["managers"])
    ]


# Bytes -------------------------------------------------------------------------------------------------------------


def _bytes(file: DemoFile) -> bytes:
    return _csv(file) if file.name.endswith(".csv") else _xlsx(file)


def _csv(file: DemoFile) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";", lineterminator="\r\n").writerows([[cell_text(cell) for cell in row] for row in file.rows])
    return buffer.getvalue().encode("cp1251")


def cell_text(cell: Cell) -> str:
    """A cell as the csv exports write it: dd.mm.yyyy, decimal comma."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.strftime("%d.%m.%Y %H:%M:%S")
    if isinstance(cell, date):
        return cell.strftime("%d.%m.%Y")
    return f"{cell:.2f}".replace(".", ",") if isinstance(cell, float) else str(cell)


def _xlsx(file: DemoFile) -> bytes:
    header, *rows = file.rows
    columns = [_of_one_type(values) for values in zip(*rows, strict=True)]
    kinds = tuple(exports.BookColumn(str(name), _kind(values)) for name, values in zip(header, columns, strict=True))
    table = pa.table({str(place): pa.array(values) for place, values in enumerate(columns)})
    return exports.book([exports.BookSheet(file.sheet, table, kinds)])


def _of_one_type(values: Sequence[Cell]) -> list[Cell]:
    """A column of a table holds one kind of cell: where a planted fault breaks it, all of it is written as text."""
    types = {type(value) for value in values if value is not None}
    is_mixed = str in types and len(types) > 1
    return list(values) if not is_mixed else [None if value is None else cell_text(value) for value in values]


def _kind(values: Sequence[Cell]) -> str:
    filled = next((value for value in values if value is not None), None)
    if isinstance(filled, datetime):
        return "moment"
    if isinstance(filled, date):
        return "day"
    return "decimal" if isinstance(filled, float) else "text" if isinstance(filled, str) else "count"


# Answers -----------------------------------------------------------------------------------------------------------


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
        "planted": {
            case["code"]: {"client_id": client.id}
            | case["expect"]
            | {f"cycle_{key}": value for key, value in case.get("cycle", {}).items()}
            for case, client in zip(demo.words["planted"], demo.clients, strict=False)
        },
    }


def _table_answers(demo: Demo) -> dict[str, Any]:
    counted = [order for order in demo.orders if not order.is_cancelled]
    year = [order for order in counted if order.on > _year_before(LAST_DAY)]
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
        "contacts_rejected": {"name_missing": 1},
        "amount": str(sum((order.amount for order in counted), Decimal())),
        "revenue": str(sum((order.amount for order in year), Decimal())),
        "touches": len(demo.touches),
        "promises": len(demo.promises),
    }


def _toml(value: dict[str, Any], path: str = "") -> str:
    plain = [f"{_key(key)} = {_literal(item)}" for key, item in value.items() if not isinstance(item, dict)]
    tables = [(f"{path}.{_key(key)}".lstrip("."), item) for key, item in value.items() if isinstance(item, dict)]
    parts = ["\n".join(plain)] if plain else []
    parts += [f"[{name}]\n{_toml(item, name)}" if item else f"[{name}]\n" for name, item in tables]
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

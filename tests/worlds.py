"""Small made-up worlds, the same for the same seed, thick with what real data does at the borders.

Owns the making of worlds only; it knows the shapes of `tests.oracle` and nothing of the product.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from tests.oracle import Client, Load, Order, PromiseRow, Touch, World

START, END = date(2023, 1, 15), date(2026, 3, 31)
KINDS = (
    ["mandatory", "need", "standard", "standard+need"] * 3
    + ["internal", "attempt", "deal", "problem", "unrecognised"]
)  # fmt: skip
CHANNELS = ("letter", "call", None)
AMOUNTS = ("100", "100", "50", "10.01", "33.33", "0", "0.01", "999999.9999")
CADENCES = (1, 7, 10, 30, 30, 30, 45, 60, 61, 90, 200)


def made_world(seed: int) -> World:
    """A world of its own for each seed: every tenth is of one client, of equals, without touches or managers."""
    random = Random(seed)
    special = seed % 10
    count = 1 if special == 0 else random.randint(2, 12)
    managers: list[str | None] = [None] if special == 1 else ["Anna", "Boris", None]
    names = [f"c{number:02d}" for number in range(count)]
    clients = tuple(made_client(random, name, managers) for name in names if random.random() < 0.8)
    if special == 2:
        orders = made_equals(random, names)
    else:
        orders = tuple(order for name in names for order in made_orders(random, name, managers, special))
    touches = () if special == 3 else made_touches(random, names, managers)
    return World(clients, shuffled(random, orders), shuffled(random, touches), made_loads(random, names))


def shuffled(random: Random, rows: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(random.sample(rows, len(rows)))


def made_day(random: Random) -> date:
    return START + timedelta(random.randint(0, (END - START).days))


def made_client(random: Random, name: str, managers: list[str | None]) -> Client:
    return Client(
        id=name,
        manager=random.choice(managers),
        sales_type=random.choice([None, None, None, "transactional", "project"]),
        segment=random.choice([None, "shop", "shop", "plant"]),
        potential=random.choice([None, None, *map(Decimal, ("0", "100", "100", "200", "1000", "2500.5"))]),
        mandatory_touches=random.choice([None, None, Decimal(0), Decimal("1.5"), Decimal(4)]),
        client_since=random.choice([None, None, made_day(random)]),
        is_marked_lost=random.random() < 0.08,
        is_key=random.random() < 0.15,
    )


def made_equals(random: Random, names: list[str]) -> tuple[Order, ...]:
    """Every client orders the same on the same days."""
    step, amount = random.choice(CADENCES), Decimal(random.choice(AMOUNTS))
    days = [END - timedelta(step * number) for number in range(random.randint(1, 12))]
    return tuple(Order(name, day, amount) for name in names for day in days)


def made_orders(random: Random, name: str, managers: list[str | None], special: int) -> list[Order]:
    """Steady or ragged orders that end anywhere, with second documents, corrections and returns among them."""
    count = random.choice([20, 26, 30] if special in (4, 5) else [0, 1, 1, 2, 3, 5, 6, 9, 14, 24])
    step, is_steady = random.choice(CADENCES), random.random() < 0.5
    day = random.choice([END, END, END - timedelta(random.randint(0, 500))])
    found: list[Order] = []
    for _ in range(count):
        found.append(Order(name, day, Decimal(random.choice(AMOUNTS)), random.choice(managers)))
        if random.random() < 0.15:
            found.append(Order(name, day, Decimal(random.choice(AMOUNTS)) * random.choice([1, -1])))
        if random.random() < 0.1:
            found.append(Order(name, day + timedelta(random.randint(0, 5)), -Decimal(random.choice(AMOUNTS))))
        if random.random() < 0.05:
            found.append(Order(name, day, -found[-1].amount))
        day -= timedelta(step if is_steady else random.randint(1, 2 * step))
    return found


def made_touches(random: Random, names: list[str], managers: list[str | None]) -> tuple[Touch, ...]:
    found = []
    for name in names:
        for _ in range(random.choice([0, 0, 3, 12, 40])):
            near = END - timedelta(random.choice([random.randint(0, 45), random.randint(0, 900)]))
            reason = random.choice([None, "r1", "r11", "r18", "x1", "x4"])
            channel = CHANNELS[near.toordinal() % len(CHANNELS)]
            found.append(Touch(name, near, random.choice(KINDS), reason, random.choice(managers), channel))
    return tuple(found)


def made_loads(random: Random, names: list[str]) -> tuple[Load, ...]:
    """Weekly exports of the same promises, in any order of loading, some of them of one day."""
    count = random.choice([0, 1, 2, 3, 4, 5])
    days = sorted(END - timedelta(random.choice([0, 7, 7, 14, 21, 35])) for _ in range(count))
    states = [made_promise(random, f"p{number}", random.choice(names)) for number in range(random.randint(1, 20))]
    loads = []
    for captured_on in days:
        shown = [state for state in states if random.random() < 0.85]
        loads.append(Load(captured_on, tuple(shown)))
        states = [next_state(random, state, captured_on) for state in states]
    return tuple(random.sample(loads, len(loads)))


def made_promise(random: Random, name: str, client: str) -> PromiseRow:
    due = random.choice([None, *[END + timedelta(random.randint(-50, 20)) for _ in range(5)]])
    return PromiseRow(
        promise_id=name,
        client=client,
        owner=random.choice(["Anna", "Boris", None]),
        made_on=random.choice([None, END - timedelta(random.randint(0, 70))]),
        original_due_on=random.choice([None, due, due and due - timedelta(random.randint(0, 9))]),
        due_on=due,
        status=random.choice([None, "open", "open"]),
    )


def next_state(random: Random, state: PromiseRow, captured_on: date) -> PromiseRow:
    """What the next export may say of the promise: nothing new, moved (told or not), done, cancelled."""
    fields = dict(vars(state))
    move = random.random()
    due = state.due_on or captured_on
    if move < 0.2:
        fields["due_on"] = due + timedelta(random.choice([-3, 1, 7, 14]))
    elif move < 0.5:
        fields["moved_on"] = due + timedelta(random.choice([-2, 0, 1]))
        fields["new_due_on"] = random.choice([None, *[due + timedelta(7)] * 4])
        fields["due_on"] = random.choice([state.due_on, fields["new_due_on"] or due + timedelta(7)])
        fields["explanation"] = random.choice([None, *["late carrier"] * 4])
        fields["apology"] = random.choice([None, *["by telephone"] * 4])
    elif move < 0.65:
        fields["done_on"] = random.choice([None, due, due + timedelta(1), due + timedelta(12)])
        fields["status"] = "done"
    elif move < 0.7:
        fields["status"] = "cancelled"
    return PromiseRow(**fields)


def days_to_ask(seed: int, world: World) -> list[date]:
    """Days before, at and after the data, and some between; among them days that other years or months lack."""
    random = Random(seed + 1_000_000)
    first = min((order.on for order in world.orders), default=START)
    last = max((order.on for order in world.orders), default=END)
    edges = [first - timedelta(400), first, last, END + timedelta(20), date(2024, 2, 29), made_day(random)]
    lately = [END, END - timedelta(random.randint(0, 30)), END - timedelta(random.randint(0, 60))]
    return sorted({*random.sample(edges, 3), *lately})

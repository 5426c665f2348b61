"""What the invented company is made of: its clients, orders, touches, promises and requests, and the days between which it lives.

Owns the shapes and the calendar of the demo; must not know how a life is drawn, nor how a file looks.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[2] / "data"

LAST_DAY = date(2026, 11, 20)
FIRST_DAY = date(2023, 11, 21)
SILENT = 6  # the manager who logs nothing


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
    subject: str | None = None  # None: the usual one of its kind
    created_at: datetime | None = None  # typed in; None while it is not known yet


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


@dataclass(frozen=True)
class Request:
    """What a client asked for, when it was answered or is to be, and what the product must say of it."""

    client: Client
    received_at: datetime
    answered_at: datetime | None
    answer_due_on: date | None
    subject: str
    severity: int
    fixed_on: date | None
    state: str


@dataclass
class Demo:
    """Everything the files are made of."""

    words: dict[str, Any]
    clients: list[Client] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    touches: list[Touch] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)


def read_words() -> dict[str, Any]:
    """The words and planted cases, data/demo.toml."""
    return tomllib.loads((DATA / "demo.toml").read_text(encoding="utf-8"))


def year_before(day: date) -> date:
    return day.replace(year=day.year - 1)


def working(day: date) -> date:
    """The same day or the working day before it; nobody ships in the first week of January."""
    while day.weekday() >= 5 or (day.month == 1 and day.day <= 8):
        day -= timedelta(days=1)
    return day

"""What the clients of the demo asked for, and when they were answered: promptness (METHOD 5), answered or not, in every way."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta

from kam.demo.company import LAST_DAY, Client, Demo, Request, working

PER_CLIENT = 0.6  # requests of a year to a client that buys
WEEK = 7  # days in which only those ask who were spoken to anyway: a request is an event, and some clients are to be forgotten

# received, answered, answer due, state on the last day: both sides of the border, and a holiday between question and answer.
_FIXED: tuple[tuple[datetime, datetime | None, date | None, str], ...] = (
    (datetime(2026, 11, 16, 9, 30), datetime(2026, 11, 16, 11, 0), None, "answered"),
    (datetime(2026, 11, 3, 16, 0), datetime(2026, 11, 5, 10, 0), date(2026, 11, 5), "answered"),
    (datetime(2026, 11, 17, 10, 15), None, LAST_DAY, "named"),
    (datetime(2026, 11, 17, 15, 40), None, date(2026, 11, 19), "broken"),
    (datetime(2026, 11, 18, 12, 5), None, None, "unnamed"),
)


def add_requests(demo: Demo, rng: random.Random) -> None:
    """The fixed cases, then drawn ones over a year; numbered as they came."""
    clients = [client for client in demo.clients if client.life not in ("prospect", "lost", "") and not client.code]
    recent = {touch.client.id for touch in demo.touches if (LAST_DAY - touch.at.date()).days < WEEK and touch.kind != "internal"}
    spoken = [client for client in clients if client.id in recent]
    for place, (received, answered, due, state) in enumerate(_FIXED):
        demo.requests.append(_request(demo, rng, spoken[place * 11 % len(spoken)], received, answered, due, state))
    for _ in range(round(len(clients) * PER_CLIENT)):
        age = int(365 * rng.random() ** 2)
        demo.requests.append(_drawn(demo, rng, rng.choice(spoken if age < WEEK else clients), age))
    demo.requests.sort(key=lambda request: (request.received_at, request.client.id))


def _drawn(demo: Demo, rng: random.Random, client: Client, age: int) -> Request:
    received = datetime.combine(working(LAST_DAY - timedelta(days=age)), time(rng.randrange(8, 18), rng.randrange(60)))
    if rng.random() < (0.4 if age < WEEK else 0.12 if age < 45 else 0.02):
        state = rng.choice(("named", "unnamed") if age < WEEK else ("named", "broken", "unnamed"))
        return _request(demo, rng, client, received, None, _due(rng, received.date(), state), state)
    answered = _answered(rng, received)
    due = working(received.date() + timedelta(days=rng.randrange(2, 6))) if (answered - received).days >= 1 else None
    return _request(demo, rng, client, received, answered, due, "answered")


def _due(rng: random.Random, received: date, state: str) -> date | None:
    """The day that was named for the answer: ahead of us, or broken."""
    if state == "named":
        return LAST_DAY + timedelta(days=rng.randrange(0, 6))
    return min(received + timedelta(days=rng.randrange(2, 6)), LAST_DAY - timedelta(days=1)) if state == "broken" else None


def _answered(rng: random.Random, received: datetime) -> datetime:
    """Mostly within hours, often the next days, seldom after weeks; what the export could not hold was answered at once."""
    draw = rng.random()
    at_once = received + timedelta(minutes=rng.randrange(10, 330 if draw < 0.6 else 60))
    if draw < 0.6:
        return at_once
    days = rng.randrange(1, 3) if draw < 0.85 else rng.randrange(3, 8) if draw < 0.96 else rng.randrange(12, 25)
    later = datetime.combine(working(received.date() + timedelta(days=days)), time(rng.randrange(9, 18), rng.randrange(60)))
    return later if received < later and later.date() <= LAST_DAY else at_once


def _request(
    demo: Demo, rng: random.Random, client: Client, received: datetime, answered: datetime | None, due: date | None, state: str
) -> Request:
    severity = rng.choices(range(3), (1, 3, 2))[0]
    fixed = None if answered is None or severity == 2 else answered.date() + timedelta(days=rng.randrange(0, 12))
    subject = rng.choice(demo.words["requests"])
    return Request(client, received, answered, due, subject, severity, fixed if fixed and fixed <= LAST_DAY else None, state)

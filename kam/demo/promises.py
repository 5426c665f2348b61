"""What the clients of the demo were promised: every state of METHOD 5 and every way to get there."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from kam.demo.company import LAST_DAY, SILENT, Client, Demo, Move, Promise, working

PROMISE_EXPORTS = tuple(LAST_DAY - timedelta(days=days) for days in (84, 56, 35, 28, 21, 14, 7, 0))


def add_promises(demo: Demo, rng: random.Random) -> None:
    """Every state and every way to get there, once with fixed days, then many with drawn ones."""
    clients = [client for client in demo.clients if client.manager not in (None, SILENT) and client.life not in ("prospect", "lost")]
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
    made = working(LAST_DAY - timedelta(days=rng.randrange(40, 300)))
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
    made = working(LAST_DAY - timedelta(days=rng.randrange(25, 60)))
    if shape == "overdue":
        return _promise(demo, client, shape, made, LAST_DAY - timedelta(days=rng.randrange(1, 22)))
    ahead = LAST_DAY + timedelta(days=rng.randrange(0, 30))
    if shape == "open":
        return _promise(demo, client, shape, made, ahead)
    seen = PROMISE_EXPORTS[rng.randrange(5, 8)]  # shown by one export, unlike the one before
    move = Move(seen - timedelta(days=2), ahead, is_recorded=False)
    return _promise(demo, client, "open", made, ahead - timedelta(days=rng.randrange(5, 15)), moves=(move,))

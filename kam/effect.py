"""What a trial value of a norm would change: the codes of clients and promises before and after it.

Knows the workspace and the marts with a fixed code per row; no screen, no words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kam.workspace import Workspace


@dataclass(frozen=True)
class Watched:
    """A mart whose code is watched: `name` for the words, `key` the column of the row's id, `column` its code's."""

    name: str
    mart: str
    key: str
    column: str


WATCHED = (
    Watched("class", "marts.client_classes", "client_id", "class"),
    Watched("stage", "marts.client_stages", "client_id", "status"),
    Watched("compliance", "marts.touch_compliance", "client_id", "status"),
    Watched("promise", "marts.promise_states", "promise_id", "state"),
)


@dataclass(frozen=True)
class Shift:
    """How many rows of a watched mart change their code from `before` to `after` (None: not listed there)."""

    watched: Watched
    before: str | None
    after: str | None
    count: int


def _codes(ws: Workspace, watched: Watched, as_of: date | None, trial: Mapping[str, str]) -> dict[Any, str | None]:
    table = ws.fetch(watched.mart, as_of=as_of, norms=trial or None)
    keys, codes = table.column(watched.key).to_pylist(), table.column(watched.column).to_pylist()
    return dict(zip(keys, codes, strict=True))


def effect(ws: Workspace, trial: Mapping[str, str], as_of: date | None) -> list[Shift]:
    """The shifts that the trial norms (text by key) would make as of a date, most frequent first within a mart.

    Raises KamError for a value that a norm does not take.
    """
    shifts = []
    for watched in WATCHED:
        before, after = _codes(ws, watched, as_of, {}), _codes(ws, watched, as_of, trial)
        moved = Counter(
            (before.get(key), after.get(key))
            for key in before.keys() | after.keys()
            if before.get(key) != after.get(key)
        )
        ranked = sorted(moved.items(), key=lambda item: (-item[1], str(item[0])))
        shifts += [Shift(watched, old, new, count) for (old, new), count in ranked]
    return shifts

"""Which names are one of our people: pairs proposed by their spelling, the user's answers, and what became of each.

Trivial spellings are one person by the build itself (queries/core/people.sql). Answers are kept in the journal and told to
every dataset that is built (kam.workspace). Knows no screen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from kam.errors import KamError
from kam.merges import in_ring
from kam.workspace import Workspace


@dataclass(frozen=True)
class Answer:
    """An answer that is kept. state: in_force; waiting: `merged` is in no file now; same: both are one person without it.
    `person`: the name that it is counted under; None while no dataset says so."""

    merged: str
    stays: str
    state: str
    person: str | None
    changed_at: str


def undecided(ws: Workspace, near: pa.Table) -> pa.Table:
    """The rows of checks.near_people without those pairs that the user called two people."""
    distinct = pa.array(sorted(ws.journal.distinct_people()), pa.string())
    return near.filter(pc.invert(pc.is_in(near.column("pair"), value_set=distinct)))


def keep(ws: Workspace, pairs: Mapping[str, str]) -> None:
    """Keeps that names are others': the name that goes → the name that stays. Takes effect when the dataset is next built.
    Raises KamError, and keeps nothing, where a name would become its own."""
    told = ws.journal.people() | dict(pairs)
    for merged in pairs:
        if in_ring(merged, told):
            raise KamError("errors.person_ring", merged=merged, stays=told[merged])
    for merged, stays in pairs.items():
        ws.journal.set_person(merged, stays)


def person(ws: Workspace, name: str) -> str:
    """The person of that name, in whatever spelling the data have it. Raises KamError where there is none."""
    rows = ws.fetch("marts.people_list").to_pylist()
    found = [row["person"] for row in rows if row["person"] == name] or [
        row["person"] for row in rows if name in (row["name_forms"] or "").split(", ")
    ]
    if not found:
        raise KamError("errors.person_not_found", name=name)
    return str(found[0])


def take_back(ws: Workspace, merged: str) -> None:
    """Undoes the answer on a name. Raises KamError where none is kept under it."""
    if merged not in ws.journal.people():
        raise KamError("errors.person_unknown", merged=merged)
    ws.journal.set_person(merged, None)


def kept(ws: Workspace) -> list[Answer]:
    """The answers kept, the newest first, with what became of each."""
    became = {row["merged"]: row for row in ws.fetch("marts.person_merges").to_pylist()} if ws.dataset_id else {}
    return [
        Answer(
            answer.key,
            str(answer.after),
            became[answer.key]["state"] if answer.key in became else "waiting",
            became[answer.key]["person"] if answer.key in became else None,
            answer.changed_at,
        )
        for answer in ws.journal.answers("person")
    ]

"""Which clients are one: pairs proposed by their names, the user's answers, and what became of each.

Answers are kept in the journal and told to every dataset that is built (kam.workspace). Knows no screen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from kam.errors import KamError
from kam.workspace import Workspace


@dataclass(frozen=True)
class Merge:
    """A merge that is kept. state: in_force; waiting: `merged` is in no file now; target_gone: `stays` is in none;
    same: both are one client without it. `client_name`: whom `merged` is counted as; None while it is in no file."""

    merged: str
    stays: str
    state: str
    client_name: str | None
    changed_at: str


def undecided(ws: Workspace, near: pa.Table) -> pa.Table:
    """The rows of checks.near_clients without those pairs that the user called two clients."""
    distinct = pa.array(sorted(ws.journal.distinct()), pa.string())
    return near.filter(pc.invert(pc.is_in(near.column("pair"), value_set=distinct)))


def joined(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Pairs of (goes, stays) answered at once as merges: where they overlap all of them end in one client, without a ring."""
    told: dict[str, str] = {}

    def end(client: str) -> str:
        while client in told:
            client = told[client]
        return client

    for goes, stays in pairs:
        first, last = end(goes), end(stays)
        if first != last:
            told[first] = last
    return told


def keep(ws: Workspace, pairs: Mapping[str, str]) -> None:
    """Keeps that clients are others: client_id of the one that goes → of the one that stays. Takes effect when the
    dataset is next built. Raises KamError, and keeps nothing, where one would be merged into itself."""
    told = ws.journal.merges() | dict(pairs)
    for merged in pairs:
        if in_ring(merged, told):
            raise KamError("errors.merge_ring", merged=merged, stays=told[merged])
    for merged, stays in pairs.items():
        ws.journal.set_merge(merged, stays)


def in_ring(merged: str, told: Mapping[str, str]) -> bool:
    """Whether what goes would come back to itself, or into a ring of others."""
    seen, at = {merged}, told.get(merged)
    while at is not None and at not in seen:
        seen.add(at)
        at = told.get(at)
    return at is not None


def take_back(ws: Workspace, merged: str) -> None:
    """Undoes the merge of a client. Raises KamError where none is kept under that name."""
    if merged not in ws.journal.merges():
        raise KamError("errors.merge_unknown", merged=merged)
    ws.journal.set_merge(merged, None)


def kept(ws: Workspace) -> list[Merge]:
    """The merges kept, the newest first, with what became of each."""
    became = {row["merged"]: row for row in ws.fetch("marts.client_merges").to_pylist()} if ws.dataset_id else {}
    return [
        Merge(
            answer.key,
            str(answer.after),
            became[answer.key]["state"] if answer.key in became else "waiting",
            became[answer.key]["client_name"] if answer.key in became else None,
            answer.changed_at,
        )
        for answer in ws.journal.answers("merge")
    ]


def client_id(ws: Workspace, name: str) -> str:
    """The id of the client of that id or, to the letter, that name. Raises KamError where there is none, or several."""
    rows = ws.fetch("marts.client_list", words=name).to_pylist()
    found = [row["client_id"] for row in rows if row["client_id"] == name] or [
        row["client_id"] for row in rows if row["client_name"] == name
    ]
    if len(found) != 1:
        raise KamError("errors.client_not_found" if not found else "errors.client_several", name=name, count=len(found))
    return str(found[0])

"""`python -m kam merge …`: two names of one client, or of one of our people, counted as one; what was merged; the way back."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from types import ModuleType
from typing import Any, NamedTuple

from kam import merges, people
from kam.cli_output import print_rows
from kam.workspace import Workspace


class _Kind(NamedTuple):
    """Whom the verbs merge. answers: the module that keeps what is said; find: who is meant by a name; unmerged: what is said at the end."""

    answers: ModuleType
    find: Callable[[Workspace, str], str]
    unmerged: str


CLIENTS = _Kind(merges, merges.client_id, "cli.unmerged")
PEOPLE = _Kind(people, people.person, "cli.person_unmerged")


def add(verb: Callable[[str, Any, str], Any]) -> None:
    """Adds the verbs; verb(name, run, summary) makes the parser of one."""
    _add(verb, CLIENTS, ("merge", "merges", "unmerge"), "CLIENT", "count a client as another: id or name of each", "")
    names = ("merge-person", "person-merges", "unmerge-person")
    _add(verb, PEOPLE, names, "NAME", "count one of our people as another: the name of each", " of our people")


def _add(verb: Callable[[str, Any, str], Any], kind: _Kind, names: tuple[str, str, str], who: str, summary: str, whose: str) -> None:
    parser = verb(names[0], partial(_merge, kind), summary)
    parser.add_argument("goes", metavar=who)
    parser.add_argument("stays", metavar="INTO")
    verb(names[1], partial(_kept, kind), f"the merges{whose or ' made'}, and what became of each")
    verb(names[2], partial(_unmerge, kind), f"undo a merge{whose}").add_argument("goes", metavar=who)


def _merge(kind: _Kind, ws: Workspace, arguments: argparse.Namespace, t: Any) -> None:
    merged, stays = (kind.find(ws, name) for name in (arguments.goes, arguments.stays))
    kind.answers.keep(ws, {merged: stays})
    ws.renew()
    print(t("cli.merged", merged=merged, stays=stays))


def _kept(kind: _Kind, ws: Workspace, arguments: argparse.Namespace, t: Any) -> None:
    rows = [vars(answer) for answer in kind.answers.kept(ws)]
    print_rows(rows, tuple(rows[0]) if rows else ())


def _unmerge(kind: _Kind, ws: Workspace, arguments: argparse.Namespace, t: Any) -> None:
    kind.answers.take_back(ws, arguments.goes)
    ws.renew()
    print(t(kind.unmerged, merged=arguments.goes))

"""Opens the workspace once per process, and asks it what the frame needs. Knows no widget but the cache."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import streamlit as st

from kam import queries, seen
from kam.ui import who
from kam.workspace import Workspace

DEFAULT_PATH = Path(__file__).resolve().parent.parent.parent / "data" / "workspace"


def workspace_path() -> Path:
    """Where the user's data lives: KAM_WORKSPACE, else data/workspace beside the product."""
    return Path(os.environ.get("KAM_WORKSPACE") or DEFAULT_PATH)


@st.cache_resource(show_spinner=False)
def _opened(path: str) -> Workspace:
    return Workspace(Path(path))


def workspace() -> Workspace:
    """The workspace of this process; every session and thread shares it."""
    return _opened(str(workspace_path()))


def ours() -> Workspace:
    """The workspace as whoever looks may see and change it: what every screen asks."""
    return seen.by(workspace(), who.current())


# All rows of a figure or a problem: asked once, and perhaps large.
ROWS = ("marts.evidence", "checks.")


def fetch(ws: Workspace, mart: str, as_of: date | None, params: Mapping[str, Any]) -> pa.Table:
    """The mart with those of `params`, and the date, that it declares; the others concern other marts of the screen."""
    declared = queries.compile_query(mart).params
    known = {name: value for name, value in {**params, "as_of": as_of}.items() if name in declared}
    if mart.startswith(ROWS):
        return ws.fetch(mart, **known)
    while True:
        try:
            return _answer(ws, ws.key, ws.dataset_id, ws.journal.version, mart, tuple(sorted(known.items())))
        except _Moved:
            continue


@st.cache_resource(show_spinner=False, max_entries=32)
def _answer(
    _ws: Workspace, key: str, dataset_id: str | None, version: int, mart: str, params: tuple[tuple[str, Any], ...]
) -> pa.Table:
    # A dataset and a state of the journal never change, and neither does an Arrow table: every session that sees the same
    # clients (the key says so) may share it, and a click on a screen asks nothing that was not asked before.
    rows = _ws.fetch(mart, **dict(params))
    if (_ws.dataset_id, _ws.journal.version) != (dataset_id, version):
        raise _Moved
    return rows


class _Moved(Exception):
    """Something was loaded or typed while a question was answered: which state the answer is of cannot be told, so it is not kept."""


@dataclass(frozen=True)
class Extent:
    """What the current dataset holds: the tables that have rows, the date a page opens with, the currency's code."""

    tables: frozenset[str]
    default_as_of: date | None
    currency: str


COUNTS = {
    "orders": "order_line_count",
    "touches": "touch_count",
    "promises": "promise_count",
    "contacts": "contact_count",
    "clients": "client_count",
    "staff": "staff_count",
    "requests": "request_count",
}


@st.cache_resource(show_spinner=False, max_entries=16)
def _extent(path: str, dataset_id: str) -> Extent:
    # A dataset is never changed, so its id is all that the answer hangs on. Asked of the whole, whoever looks: which sheets
    # were loaded and up to which day is nobody's client.
    row = _opened(path).extent()
    if _opened(path).dataset_id != dataset_id:
        raise _Moved
    tables = frozenset(table for table, count in COUNTS.items() if row[count])
    return Extent(tables, row["default_as_of"], row["currency"] or "")


def extent(ws: Workspace) -> Extent:
    """What the dataset in force holds; nothing in an empty workspace."""
    while (dataset_id := ws.dataset_id) is not None:
        try:
            return _extent(str(workspace_path()), dataset_id)
        except _Moved:
            continue
    return Extent(frozenset(), None, "")

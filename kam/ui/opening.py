"""Opens the workspace once per process, and asks it what the frame needs. Knows no widget but the cache."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import streamlit as st

from kam import queries
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


def fetch(ws: Workspace, mart: str, as_of: date | None, params: Mapping[str, Any]) -> pa.Table:
    """The mart with those of `params` that it declares; the others concern other marts of the screen."""
    declared = queries.compile_query(mart).params
    known = {name: value for name, value in params.items() if name in declared}
    return ws.fetch(mart, as_of=as_of, **known)


def loaded_tables(ws: Workspace) -> frozenset[str]:
    """The names of the tables that were ever loaded into the current dataset; none in an empty workspace."""
    if ws.dataset_id is None:
        return frozenset()
    return frozenset(fetch(ws, "marts.loaded_tables", None, {}).column("table_name").to_pylist())

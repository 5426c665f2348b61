"""The questions pinned to the home page: each with the number of rows it returns, a link to its answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import streamlit as st

from kam import questions, sandbox
from kam.errors import KamError
from kam.ui import filters, menu
from kam.ui.frame import Screen
from kam.ui.text import escape
from kam.workspace import Workspace


@st.cache_resource(show_spinner=False, max_entries=64)
def _counted(
    _ws: Workspace, key: str, dataset_id: str | None, version: int, text: str, as_of: date | None, values: tuple[tuple[str, str], ...]
) -> tuple[int, bool]:
    # A dataset and a state of the journal never change: a pinned question is asked once for each.
    answer = sandbox.ask(_ws, text, as_of, dict(values))
    return answer.table.num_rows, answer.is_cut


def show(screen: Screen) -> None:
    """A row of links; nothing where nothing is pinned."""
    pinned = questions.pinned(screen.ws.journal, screen.t.language)
    if not pinned:
        return
    screen.heading("home.pinned")
    with st.container(horizontal=True), st.spinner(screen.t("sql.running")):
        for question in pinned:
            said = _said(screen, question.text, question.values)
            label = screen.t("home.pinned_question", name=escape(question.name), said=said)
            menu.link("sql", screen.t, {**screen.query, "question": question.code}, label)


def _said(screen: Screen, text: str, own: Mapping[str, str]) -> str:
    """How many rows; a question that no longer fits the data says so, and its page tells why."""
    values = {**dict.fromkeys(filters.FILTERS, ""), **screen.filters, **own}
    ws = screen.ws
    try:
        count, is_cut = _counted(ws, ws.key, ws.dataset_id, ws.journal.version, text, screen.as_of, tuple(sorted(values.items())))
    except KamError:
        return screen.t("home.pinned_failed")
    return screen.t("home.pinned_cut", count=count) if is_cut else screen.t("units.rows", count=count)

"""The buttons that give the weekly review as paper: a book, and a sheet to print. What is narrowed by a filter says so."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import streamlit as st

from kam.exports import papers
from kam.review import Review
from kam.ui import dates, downloads, raising
from kam.ui.frame import Screen

ICONS = {"html": ":material/print:", "xlsx": ":material/table_view:"}


def offer(screen: Screen, shown: Review) -> None:
    """A popover with a button for each kind of paper; it is made, and the questions asked, when the button is pressed."""
    t, filters = screen.t, {} if shown.held else dict(screen.filters)
    with st.popover(t("paper.print"), icon=":material/download:"):
        for kind, icon in ICONS.items():
            name = f"{papers.file_name(shown, t)}.{kind}"
            st.download_button(
                t(f"paper.as_{kind}"),
                data=downloads.on_record(partial(_made, screen, shown, kind, filters), name, shown.line_count),
                file_name=name,
                mime=papers.TYPES[kind],
                key=f"paper_{kind}",
                icon=icon,
                on_click="ignore",
                width="stretch",
            )
        if not shown.held:
            dates.offer(screen, width="stretch")
        screen.note("paper.about")


def _made(screen: Screen, shown: Review, kind: str, filters: Mapping[str, str]) -> bytes:
    return papers.paper(raising.answered(screen, shown), screen.t, kind, filters)

"""The buttons that give the weekly review as paper: a book, and a sheet to print. What is narrowed by a filter says so."""

from __future__ import annotations

from functools import partial

import streamlit as st

from kam.exports import papers
from kam.review import Review
from kam.ui import downloads
from kam.ui.frame import Screen

ICONS = {"html": ":material/print:", "xlsx": ":material/table_view:"}


def offer(screen: Screen, shown: Review) -> None:
    """A popover with a button for each kind of paper; it is made when the button is pressed."""
    t, filters = screen.t, {} if shown.held else dict(screen.filters)
    with st.popover(t("paper.print"), icon=":material/print:"):
        for kind, icon in ICONS.items():
            name = f"{papers.file_name(shown, t)}.{kind}"
            st.download_button(
                t(f"paper.as_{kind}"),
                data=downloads.on_record(partial(papers.paper, shown, t, kind, filters), name, shown.line_count),
                file_name=name,
                mime=papers.TYPES[kind],
                key=f"paper_{kind}",
                icon=icon,
                on_click="ignore",
                width="stretch",
            )
        screen.note("paper.about")

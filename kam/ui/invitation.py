"""What a screen says when it has nothing to show: the invitation of an empty workspace, the sheet that is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from kam import imports
from kam.access import may_change
from kam.i18n import Translator
from kam.ui import dropping, menu, opening, progress
from kam.workspace import Workspace


def table_names(tables: Sequence[str], t: Translator) -> str:
    """The names of tables in words, for a sentence."""
    return ", ".join(t(f"tables.{name}") for name in tables)


def require(ws: Workspace, needs: Sequence[str], t: Translator, query: Mapping[str, str]) -> None:
    """Says which sheets to upload and stops the page, where tables that it needs were never loaded."""
    if not needs or ws.dataset_id is None:
        return
    missing = [name for name in needs if name not in opening.extent(ws).tables]
    if missing:
        st.info(t("empty.missing", count=len(missing), tables=table_names(missing, t)), icon=":material/table:")
        menu.link("upload", t, query, label=t("empty.go_upload"))
        st.stop()


def demo_banner(ws: Workspace, t: Translator) -> None:
    """One line on every page while the figures are the demo's."""
    if ws.is_demo:
        with st.container(key="demo_banner"):
            st.info(t("empty.demo_banner" if may_change(ws.user) else "roles.demo"), icon=":material/science:")


def load_demo(ws: Workspace, t: Translator) -> None:
    """Loads the demo with its progress shown, then draws the page anew with figures."""
    with st.status(t("empty.demo_loading"), expanded=True) as status:
        imports.load_demo(ws, progress=progress.bar(t))
        status.update(state="complete")
    st.rerun()


def show(ws: Workspace, t: Translator, query: Mapping[str, str]) -> None:
    """The invitation: your own files by the upload page, or the demo in one click; who may not load is told to wait."""
    if not may_change(ws.user):
        st.info(t("roles.nothing_loaded"), icon=":material/hourglass_empty:")
        return
    own, demo = st.columns(2, gap="medium")
    with own, st.container(border=True, height="stretch"):
        st.subheader(t("empty.own_title"), anchor=False)
        st.markdown(t("empty.own_text"))
        uploads = dropping.zone(t, "empty.drop")
        if uploads:
            dropping.hand_over(uploads, query)
    with demo, st.container(border=True, height="stretch"):
        st.subheader(t("empty.demo_title"), anchor=False)
        st.markdown(t("empty.demo_text"))
        if st.button(t("empty.demo_button"), type="primary", icon=":material/science:"):
            load_demo(ws, t)

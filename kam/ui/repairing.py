"""A dataset damaged on disk: the two ways out, on whatever page it was noticed."""

from __future__ import annotations

import streamlit as st

from kam import imports
from kam.access import may_change
from kam.errors import KamError
from kam.i18n import Translator
from kam.rebuild import rebuild
from kam.ui import failures, opening, progress, who


def offer(error: Exception, t: Translator) -> None:
    """Under the sentence about a damaged dataset: make it anew from the kept files, or go back to the one before."""
    if not isinstance(error, KamError) or error.key != "errors.dataset_damaged":
        return
    if not may_change(who.current()):
        st.caption(t("roles.repair"))
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        is_rebuilt = st.button(t("repair.rebuild"), key="repair_rebuild", type="primary", icon=":material/construction:")
        is_undone = st.button(t("repair.back"), key="repair_back", icon=":material/undo:")
    st.caption(t("repair.note"))
    is_mended = False
    with failures.said(t):
        if is_rebuilt:
            with st.status(t("upload.rebuilding"), expanded=True):
                rebuild(opening.ours(), progress=progress.bar(t))
        elif is_undone:
            imports.undo(opening.ours())
        is_mended = is_rebuilt or is_undone
    if is_mended:
        st.rerun()

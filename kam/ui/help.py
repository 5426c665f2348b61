"""Help of a page: what it shows, by which rule, what to do with it. The words are <page>.help.{what,rule,action}."""

from __future__ import annotations

import streamlit as st

from kam.i18n import Translator

PARTS = ("what", "rule", "action")


def show(name: str, t: Translator) -> None:
    """The help button of a page with its three parts."""
    with st.popover(t("help.button"), icon=":material/help:", type="tertiary"):
        for part in PARTS:
            st.markdown(f"**{t(f'help.{part}')}**")
            st.markdown(t(f"{name}.help.{part}"))

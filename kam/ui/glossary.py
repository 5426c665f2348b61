"""The glossary on the screen: the search, kept in the address, and each measure with its norms in force and its pages."""

from __future__ import annotations

from itertools import groupby

import streamlit as st

from kam import glossary
from kam import norms as norms_of
from kam.glossary import Entry
from kam.ui import filters, menu
from kam.ui.frame import Screen
from kam.ui.text import escape

OPEN_AT_ONCE = 3


def show(screen: Screen) -> None:
    """The measures that the words sought leave, by the sections of the method."""
    t, words = screen.t, _words(screen)
    left = glossary.found(glossary.entries(t.language), words, lambda key: t(f"norms.{key}"))
    if not left:
        st.info(t("glossary.nothing_found"), icon=":material/search_off:")
        return
    screen.note("glossary.count", count=len(left))
    if words:
        for entry in left:
            _entry(screen, entry, is_open=len(left) <= OPEN_AT_ONCE)
        return
    for section, entries in groupby(left, key=lambda entry: entry.section):
        screen.heading(_section(section))
        for entry in entries:
            _entry(screen, entry, is_open=False)


def _section(section: int) -> str:
    """The heading of a section: as the norms are grouped; the review stands with the key clients there."""
    return f"settings.groups.g{min(section, 6)}"


def _words(screen: Screen) -> str:
    filters.seed("words", lambda raw: raw or "")
    label = screen.t("glossary.search")
    words = st.text_input(label, key="words", placeholder=label, label_visibility="collapsed", icon=":material/search:").strip()
    if words:
        st.query_params["words"] = words
    elif "words" in st.query_params:
        del st.query_params["words"]
    st.session_state["_url_words"] = words or None
    return words


def _entry(screen: Screen, entry: Entry, *, is_open: bool) -> None:
    t = screen.t
    with st.expander(escape(entry.name), expanded=is_open):
        st.markdown(escape(entry.words))
        st.markdown(f"**{t('glossary.formula')}**  \n{escape(entry.formula)}")
        if entry.norms:
            lines = "".join(f"\n- {_norm(screen, key)}" for key in entry.norms)
            st.markdown(f"**{t('glossary.norms')}**\n{lines}")
            screen.link("settings", "glossary.settings")
        st.markdown(f"**{t('glossary.pages')}**")
        with st.container(horizontal=True):
            for page in entry.pages:
                menu.link(page, t, screen.query, t(f"{page}.menu"))
        screen.note("glossary.marts", marts=", ".join(entry.marts))


def _norm(screen: Screen, key: str) -> str:
    """A norm in words with its value in force and unit."""
    t, value = screen.t, screen.ws.norms()[key]
    places = 4 if isinstance(value, float) and value != round(value, 2) else None
    said = t.number(value, places) if isinstance(value, float) else value or t("settings.not_set")
    unit = t(f"settings.units.{norms_of.load_norms()[key].unit.split(':')[0]}")
    return t("glossary.norm", name=escape(t(f"norms.{key}")), value=escape(said), unit=escape(unit))

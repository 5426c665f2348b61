"""The widgets of the settings page: norms by section, what a change would do, save, reset, the journal of changes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pandas as pd
import pyarrow as pa
import streamlit as st
from streamlit.column_config import TextColumn

from kam import norms as norms_of
from kam.effect import Shift, effect
from kam.errors import KamError
from kam.i18n import Translator
from kam.norms import Norm
from kam.ui import tables as tables_ui
from kam.ui.frame import Screen
from kam.ui.moments import local_moment
from kam.ui.text import escape_facts

MAX_HEIGHT = 400  # what a change would do must be seen under the table without scrolling
_SECTION = re.compile(r"\(METHOD (\d)")


def sections() -> dict[str, list[Norm]]:
    """The norms by the section of the method that uses them, as the note of each says; in the order of the file."""
    found: dict[str, list[Norm]] = {}
    for norm in norms_of.load_norms().values():
        hit = _SECTION.search(norm.note)
        found.setdefault(f"g{hit.group(1) if hit else 0}", []).append(norm)
    return dict(sorted(found.items()))


def written(norm: Norm, text: str, t: Translator) -> str:
    """A norm's value as the language writes it; the words "not set" for an empty one."""
    value = norm.parse(text) if text else None
    if value is None:
        return t("settings.not_set")
    return value if isinstance(value, str) else t.number(value, None if value == round(value, 2) else 4)


def _unit(norm: Norm, t: Translator) -> str:
    words = t(f"settings.units.{norm.unit.split(':')[0]}")
    return f"{words}: {', '.join(norm.choices)}" if norm.choices else words


def _frame(norms: Sequence[Norm], changed: Mapping[str, str], t: Translator) -> pd.DataFrame:
    marks = [t("settings.differs") if norm.key in changed else "" for norm in norms]
    return pd.DataFrame(
        {
            "name": [t(f"norms.{norm.key}") for norm in norms],
            "value": [written(norm, changed.get(norm.key, norm.default), t) for norm in norms],
            **({"mark": marks} if any(marks) else {}),
            "default": [written(norm, norm.default, t) for norm in norms],
            "unit": [_unit(norm, t) for norm in norms],
            "origin": [t(f"settings.origins.{norm.origin}") for norm in norms],
            "key": [norm.key for norm in norms],
        }
    )


def _edited(section: str, norms: Sequence[Norm], changed: Mapping[str, str], t: Translator) -> dict[str, str]:
    """The table of a section; the values typed over by key, an empty text for "back to the default"."""
    frame = _frame(norms, changed, t)
    after = st.data_editor(
        frame,
        key=f"norms_{section}_{st.session_state.get('norms_round', 0)}",
        hide_index=True,
        disabled=["name", "mark", "default", "unit", "origin", "key"],
        height=min(MAX_HEIGHT, tables_ui.ROW_HEIGHT * (len(norms) + 1) + 3),
        row_height=tables_ui.ROW_HEIGHT,
        column_config={
            "name": TextColumn(t("settings.name"), width="large"),
            "value": TextColumn(t("settings.value"), help=t("settings.reset_hint")),
            "mark": TextColumn("", width="small"),
            "default": TextColumn(t("settings.default")),
            "unit": TextColumn(t("settings.unit")),
            "origin": TextColumn(t("settings.origin")),
            "key": TextColumn(t("settings.key")),
        },
    )
    pairs = zip(norms, frame["value"], after["value"], strict=True)
    return {norm.key: (new or "").strip() for norm, old, new in pairs if (new or "").strip() != old}


def editor(screen: Screen) -> dict[str, str]:
    """Every section as a tab with its table; gives back what was typed: key → text, "" for the default."""
    t, changed = screen.t, screen.ws.journal.norms()
    screen.note("settings.reset_hint")
    typed: dict[str, str] = {}
    found = sections()
    for tab, (section, norms) in zip(st.tabs([t(f"settings.groups.{name}") for name in found]), found.items(), strict=True):
        with tab:
            typed |= _edited(section, norms, changed, t)
    return typed


def trial_of(typed: Mapping[str, str], t: Translator) -> dict[str, str]:
    """The values to try, as norms read them; an empty text is the default. Raises KamError for no value of a norm."""
    trial = {}
    for key, text in typed.items():
        norm = norms_of.get(key)
        plain = norm.default if text in ("", t("settings.not_set")) else text
        norm.parse(plain)
        trial[key] = plain
    return trial


def review(screen: Screen, typed: Mapping[str, str]) -> None:
    """What is typed, what it would change, and the buttons that keep it or throw it away."""
    t = screen.t
    screen.heading("settings.changed")
    try:
        trial = trial_of(typed, t)
    except KamError as error:
        st.error(t(error.key, **escape_facts(dict(error.facts))))
        return
    for key, text in trial.items():
        norm = norms_of.get(key)
        before = written(norm, screen.ws.journal.norms().get(key, norm.default), t)
        screen.note("settings.change_line", name=t(f"norms.{key}"), before=before, after=written(norm, text, t))
    if screen.ws.dataset_id is not None:
        screen.heading("settings.effect")
        _shifts(effect(screen.ws, trial, screen.as_of), t)
    with st.container(horizontal=True):
        if st.button(t("settings.save"), type="primary"):
            save(screen, trial)
        if st.button(t("settings.discard")):
            _anew()


def _shifts(shifts: Sequence[Shift], t: Translator) -> None:
    if not shifts:
        st.caption(t("settings.effect_none"))
        return
    table = pa.table(
        {
            "what": [t(f"settings.shift.{shift.watched.name}") for shift in shifts],
            "before": [t.value(shift.watched.column, shift.before) for shift in shifts],
            "after": [t.value(shift.watched.column, shift.after) for shift in shifts],
            "shift_count": [shift.count for shift in shifts],
        }
    )
    tables_ui.show("shifts", table, t, search=False, file="ritm-effect")


def save(screen: Screen, trial: Mapping[str, str]) -> None:
    """Keeps the values in the journal; one that equals its default is kept as no change at all."""
    for key, text in trial.items():
        norm = norms_of.get(key)
        screen.ws.journal.set_norm(key, None if norm.parse(text) == norm.parse(norm.default) else text)
    st.toast(screen.t("settings.saved"), icon=":material/check:")
    _anew()


def _anew() -> None:
    """Draws the tables anew from the journal: a new key is the only way to empty an editor."""
    st.session_state["norms_round"] = st.session_state.get("norms_round", 0) + 1
    st.rerun()


def reset(screen: Screen) -> None:
    """The way back to all defaults, offered while some norm differs."""
    t, changed = screen.t, screen.ws.journal.norms()
    if not changed:
        return
    with st.popover(t("settings.reset_all"), icon=":material/undo:"):
        screen.text("settings.reset_all_help")
        if st.button(t("settings.reset_all_yes"), type="primary"):
            for key in changed:
                screen.ws.journal.set_norm(key, None)
            _anew()


def journal(screen: Screen) -> None:
    """The changes of norms, newest first."""
    t = screen.t
    with st.expander(t("settings.journal"), icon=":material/history:"):
        changes = screen.ws.journal.changes("norm")
        if not changes:
            st.caption(t("settings.journal_empty"))
            return
        shown = t("settings.shipped")
        table = pa.table(
            {
                "changed_at": [local_moment(change.changed_at) for change in changes],
                "norm": [t.get(f"norms.{change.key}", change.key) for change in changes],
                "before": [change.before or shown for change in changes],
                "after": [change.after or shown for change in changes],
            }
        )
        tables_ui.show("norm_changes", table, t, file="ritm-norms")

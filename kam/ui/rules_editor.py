"""The widgets of the touch rules page: the table to edit, checks before it is kept, the shipped rules brought back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.column_config import NumberColumn, SelectboxColumn, TextColumn

from kam.errors import KamError
from kam.i18n import Translator
from kam.ui.frame import Screen
from kam.ui.text import escape_facts
from kam.workspace import shipped_dictionary

NAME = "touch_rules"
COLUMNS = ("position", "kind", "reason", "channel", "type", "status", "words", "note")
CONDITIONS = ("channel", "type", "status", "words")
KINDS = ("internal", "attempt", "deal", "problem", "mandatory", "need", "standard", "standard+need")
REASONS = ("", *(f"r{number}" for number in range(1, 19)), *(f"x{number}" for number in range(1, 5)))
STEP = 10

Rule = dict[str, str]


def ordered(rows: Sequence[Mapping[str, Any]]) -> list[Rule]:
    """The rows by number, numbered anew in tens, blank rows left out.

    Raises KamError for a rule without a kind, with a kind that is none, or without any condition.
    """
    filled = [{column: _text(row.get(column)) for column in COLUMNS} for row in rows]
    kept = [row for row in filled if any(row[column] for column in COLUMNS if column != "position")]
    for row in kept:
        _check(row)
    kept.sort(key=lambda row: float(row["position"] or "inf"))
    return [{**row, "position": str(STEP * place)} for place, row in enumerate(kept, start=1)]


def _text(value: object) -> str:
    """A cell of the editor as text: nothing for None and NaN."""
    return "" if value is None or value != value else str(value).strip()


def _check(row: Rule) -> None:
    position = row["position"] or "?"
    if not row["kind"]:
        raise KamError("rules.incomplete", position=position)
    if row["kind"] not in KINDS:
        raise KamError("rules.invalid_kind", position=position, kind=row["kind"])
    if not any(row[column].strip("| ") for column in CONDITIONS):
        raise KamError("rules.no_condition", position=position)


def _config(t: Translator) -> dict[str, Any]:
    def kind(code: object) -> str:
        return t.value("kind", code)

    return {
        "position": NumberColumn(t("rules.position"), width="small"),
        "kind": SelectboxColumn(t("rules.kind"), options=KINDS, format_func=kind, width="medium"),
        "reason": SelectboxColumn(t("columns.reason"), options=REASONS, width="small"),
        "channel": TextColumn(t("columns.channel")),
        "type": TextColumn(t("columns.type")),
        "status": TextColumn(t("columns.status")),
        "words": TextColumn(t("rules.words"), help=t("rules.words_help"), width="large"),
        "note": TextColumn(t("rules.note")),
    }


def editor(screen: Screen) -> None:
    """The rules in force as a table to edit, and the button that keeps it."""
    t, rows = screen.t, screen.ws.dictionary(NAME)
    is_edited = screen.ws.journal.dictionary(NAME) is not None
    screen.note("rules.edited" if is_edited else "rules.shipped")
    screen.note("rules.hint")
    frame = pd.DataFrame(rows, columns=list(COLUMNS)).fillna("")
    frame["position"] = pd.to_numeric(frame["position"], errors="coerce")
    edited = st.data_editor(
        frame,
        key=f"rules_{st.session_state.get('rules_round', 0)}",
        num_rows="dynamic",
        hide_index=True,
        height=440,
        placeholder="",
        column_config=_config(t),
    )
    with st.container(horizontal=True):
        if st.button(t("rules.save"), type="primary"):
            keep(screen, edited.to_dict("records"))
        if is_edited:
            _reset(screen)


def keep(screen: Screen, rows: Sequence[Mapping[str, Any]]) -> None:
    """Checks the rules and keeps them in the journal; a mistake is said under the table and nothing is kept."""
    try:
        rules = ordered(rows)
    except KamError as error:
        st.error(screen.t(error.key, **escape_facts(dict(error.facts))))
        return
    is_shipped = rules == ordered(shipped_dictionary(NAME))
    screen.ws.journal.set_dictionary(NAME, None if is_shipped else rules)
    st.toast(screen.t("rules.saved"), icon=":material/check:")
    _anew()


def _anew() -> None:
    st.session_state["rules_round"] = st.session_state.get("rules_round", 0) + 1
    st.rerun()


def _reset(screen: Screen) -> None:
    with st.popover(screen.t("rules.reset"), icon=":material/undo:"):
        screen.text("rules.reset_help")
        if st.button(screen.t("rules.reset_yes"), type="primary"):
            screen.ws.journal.set_dictionary(NAME, None)
            _anew()


def proposal(screen: Screen) -> None:
    """A rule made of an unrecognised activity that another page sent here: ?channel=…&type=…&words=…"""
    t = screen.t
    sent = {name: st.query_params[name] for name in CONDITIONS if st.query_params.get(name)}
    if not sent:
        return
    with st.container(border=True):
        screen.heading("rules.new")
        screen.note("rules.new_help")
        places = st.columns(len(CONDITIONS) + 1, vertical_alignment="bottom")
        rule: dict[str, Any] = {"position": 0}
        for place, name in zip(places, CONDITIONS, strict=False):
            label = t("rules.words") if name == "words" else t(f"columns.{name}")
            rule[name] = place.text_input(label, sent.get(name, ""), key=f"proposal_{name}")
        rule["kind"] = places[-1].selectbox(t("rules.kind"), KINDS, index=None, format_func=lambda code: t.value("kind", code))
        if st.button(t("rules.new_add"), type="primary", disabled=not rule["kind"]):
            for name in sent:
                del st.query_params[name]
            keep(screen, [rule, *screen.ws.dictionary(NAME)])

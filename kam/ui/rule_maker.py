"""Unrecognised activities, and a rule made of one in place: choose the kind, keep, and see the figures move; or take back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import streamlit as st

from kam.i18n import Translator
from kam.ui import tables
from kam.ui.evidence import Evidence
from kam.ui.frame import Screen
from kam.ui.rules_editor import KINDS, NAME, REASONS, Rule, ordered
from kam.ui.text import escape_facts
from kam.ui.touching import TOUCH_COLUMNS

COLUMNS = ("example", "type", "channel", "touch_count", "client_count", "last_held_on")
MATCHED = ("kind", "reason", "channel", "type", "words")


def rule_of(row: Mapping[str, Any], kind: str, reason: str | None) -> Rule:
    """The rule that takes every activity of this wording, and no other channel or type."""
    made = {"position": "", "kind": kind, "reason": reason or "", "status": "", "note": ""}
    return made | {"channel": row["channel"] or "", "type": row["type"] or "", "words": row["wording"] or ""}


def without(rows: list[Rule], rule: Mapping[str, str]) -> list[Rule]:
    """The rules but those that say the same as `rule`."""
    return [row for row in rows if any((row.get(name) or "") != rule[name] for name in MATCHED)]


def _round() -> int:
    return int(st.session_state.get("unrecognised_round", 0))


def _keep(screen: Screen, rules: list[Rule], made: Rule | None) -> None:
    screen.ws.journal.set_dictionary(NAME, ordered(rules))
    st.session_state["rule_made"] = made
    st.session_state["unrecognised_round"] = _round() + 1
    st.rerun()


def _words(t: Translator, rule: Mapping[str, str]) -> dict[str, object]:
    shown = " · ".join(part for part in (rule["channel"], rule["type"], rule["words"]) if part)
    return {"wording": shown, "kind": t.value("kind", rule["kind"])}


def _undo(screen: Screen) -> None:
    """The rule just made, and the button that takes it back."""
    made = st.session_state.get("rule_made")
    if not made:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.success(screen.t("touches.rule.made", **escape_facts(_words(screen.t, made))), icon=":material/check:")
        if st.button(screen.t("touches.rule.undo"), icon=":material/undo:"):
            _keep(screen, without(screen.ws.dictionary(NAME), made), None)


def show(screen: Screen, table: pa.Table) -> None:
    """The wordings that no rule knows; a selected one can be made a rule. table: marts.unrecognised_touches."""
    _undo(screen)
    if table.num_rows == 0:
        screen.note("touches.rule.none")
        return
    key = f"unrecognised_{_round()}"
    selects = _nothing if screen.may_change else None
    part = tables.show(key, table, screen.t, columns=COLUMNS, on_select=selects, file=f"{screen.name}-unrecognised")
    if not screen.may_change:
        return
    chosen = ((st.session_state.get(key) or {}).get("selection") or {}).get("rows") or []
    if not chosen or chosen[0] >= part.num_rows:
        screen.note("touches.rule.hint")
        return
    _make(screen, part.slice(chosen[0], 1).to_pylist()[0])


def _nothing() -> None:
    """Asks for selections; the row chosen is read from the state."""


def _make(screen: Screen, row: dict[str, Any]) -> None:
    t = screen.t
    with st.container(border=True):
        rule = rule_of(row, "standard", None)
        screen.text("touches.rule.title", count=row["touch_count"], wording=_words(t, rule)["wording"])
        kind_place, reason_place = st.columns([2, 3])
        keep_place, source_place = st.columns([2, 3], vertical_alignment="center")
        kind = kind_place.selectbox(
            t("columns.kind"), KINDS, index=None, placeholder=t("touches.rule.choose"),
            format_func=lambda code: t.value("kind", code),
        )  # fmt: skip
        reason = reason_place.selectbox(
            t("columns.reason"), [code for code in REASONS if code], index=None, placeholder=t("touches.rule.no_reason"),
            format_func=lambda code: t.value("reason", code),
        )  # fmt: skip
        if source_place.button(t("evidence.button"), icon=":material/search_insights:", type="tertiary"):
            screen.open(_source(screen, row, rule))
        if keep_place.button(t("touches.rule.keep"), type="primary", disabled=not (kind and row["can_be_rule"])):
            made = rule_of(row, str(kind), reason)
            _keep(screen, [*screen.ws.dictionary(NAME), made], made)


def _source(screen: Screen, row: dict[str, Any], rule: Rule) -> Evidence:
    asked = {name: row[name] for name in ("channel", "type", "wording")}
    facts = {"count": row["touch_count"], "client_count": row["client_count"]}
    return Evidence(
        str(_words(screen.t, rule)["wording"]),
        "touches.evidence.unrecognised",
        facts,
        lambda: screen.fetch("marts.evidence_touches", kind="unrecognised", **asked),
        TOUCH_COLUMNS,
    )

"""Headline figures: label, value with its unit, help, and the rows behind each one click away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from kam.formats import NOTHING, Number
from kam.i18n import Translator
from kam.ui.evidence import Evidence
from kam.ui.text import escape, escape_facts


@dataclass(frozen=True)
class Figure:
    """One headline figure.

    label: locale key; `<label>_help`, where it exists, is the tooltip. value: a number, a share 0–1 or None (unknown).
    kind: count, money, percent, days, months, number, text. note: locale key of a small line under the value,
    with note_facts. evidence: what the button under it opens, or a function that makes it then.
    """

    label: str
    value: Number | str | None
    kind: str = "count"
    evidence: Evidence | Callable[[], Evidence] | None = None
    note: str | None = None
    note_facts: tuple[tuple[str, object], ...] = ()


def written(figure: Figure, t: Translator) -> str:
    """The value as text in the language of the reader, units with it."""
    value = figure.value
    if value is None:
        return NOTHING
    if isinstance(value, str):
        return value
    writers: dict[str, Callable[[Number], str]] = {
        "count": t.number,
        "number": t.number,
        "money": t.money_short,
        "percent": t.percent,
        "days": t.days,
        "months": t.months,
    }
    return writers[figure.kind](value)


def _one(figure: Figure, key: str, t: Translator) -> Evidence | None:
    hint = f"{figure.label}_help"
    exact = escape(t.money(figure.value)) if figure.kind == "money" and not isinstance(figure.value, str) else None
    parts = [part for part in (t(hint) if t.has(hint) else None, exact) if part]
    st.metric(t(figure.label), written(figure, t), help=" · ".join(parts) or None)
    if figure.note:
        st.caption(t(figure.note, **escape_facts(dict(figure.note_facts))))
    if figure.evidence is None:
        return None
    if not st.button(t("evidence.button"), key=key, type="tertiary", icon=":material/search_insights:"):
        return None
    return figure.evidence() if callable(figure.evidence) else figure.evidence


def show(figures: Sequence[Figure], t: Translator, key: str) -> Evidence | None:
    """The figures in one row of cards; the evidence that the reader just asked for, else None."""
    asked: Evidence | None = None
    for place, (number, figure) in zip(st.columns(len(figures), gap="small"), enumerate(figures), strict=True):
        with place, st.container(border=True, height="stretch", key=f"card_{key}_{number}"):
            asked = _one(figure, f"{key}_{number}", t) or asked
    return asked

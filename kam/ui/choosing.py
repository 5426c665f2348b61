"""Choices made on a screen itself: a bar or a button that narrows the list below, the earlier date of a comparison.

They last while the page is open; what should travel with a link is a filter (kam.ui.filters).
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import streamlit as st

from kam.charts import CONFIG
from kam.ui.evidence import Evidence
from kam.ui.failures import guarded
from kam.ui.frame import Screen

BACK_MONTHS = {"year": 12, "quarter": 3, "month": 1}


def clicked(key: str) -> list[Any]:
    """The customdata of the point selected in the chart `key`, empty where none is."""
    points = ((st.session_state.get(key) or {}).get("selection") or {}).get("points") or [{}]
    data = points[0].get("customdata")
    return data if isinstance(data, list) else [] if data is None else [data]


def chart(screen: Screen, figure: Any, key: str, choice: str) -> None:
    """A chart whose clicked bar makes the choice: the first of its customdata."""

    def take() -> None:
        st.session_state[choice] = next(iter(clicked(key)), None)

    st.plotly_chart(figure, key=key, config=CONFIG, theme=None, on_select=guarded(take), selection_mode="points")


def narrow(screen: Screen, choice: str, column: str, codes: Sequence[str]) -> str | None:
    """Buttons with the words of a column's codes; the one chosen, None for all. A chart may make the same choice."""
    chosen = st.pills(
        screen.t(f"columns.{column}"),
        codes,
        key=choice,
        format_func=lambda one: screen.t.value(column, one),
        label_visibility="collapsed",
        width="content",
    )
    return chosen if isinstance(chosen, str) else None


def narrowed(
    screen: Screen, choice: str, column: str, codes: Sequence[str], evidence: Callable[[str | None], Evidence]
) -> str | None:
    """The buttons, and beside them the one that opens where the figures of what is chosen come from."""
    with st.container(horizontal=True, vertical_alignment="center"):
        chosen = narrow(screen, choice, column, codes)
        asked = st.button(screen.t("evidence.button"), key=f"{choice}_source", type="tertiary", icon=":material/search_insights:")
    if asked:
        screen.open(evidence(chosen))
    return chosen


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier; the last of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def before(screen: Screen, key: str) -> date:
    """The earlier date of a comparison: a year, a quarter or a month before the report's, or one's own."""
    as_of = screen.as_of or date.today()
    with st.container(horizontal=True, vertical_alignment="center", width="content"):
        chosen = st.segmented_control(
            screen.t("choosing.before"),
            (*BACK_MONTHS, "own"),
            default="year",
            required=True,
            key=key,
            format_func=lambda one: screen.t(f"choosing.{one}"),
            label_visibility="collapsed",
            width="content",
        )
        if chosen in BACK_MONTHS:
            return months_before(as_of, BACK_MONTHS[chosen])
        value = st.date_input(
            screen.t("filters.own_date"),
            months_before(as_of, 12),
            max_value=as_of,
            key=f"{key}_day",
            format="DD.MM.YYYY",
            label_visibility="collapsed",
            width=150,
        )
    return value if isinstance(value, date) else months_before(as_of, 12)


def measure(screen: Screen, key: str) -> str:
    """Whether a matrix counts clients or money: client_count or revenue."""
    chosen = st.segmented_control(
        screen.t("choosing.measure"),
        ("client_count", "revenue"),
        default="client_count",
        required=True,
        key=key,
        format_func=lambda one: screen.t(f"choosing.measures.{one}"),
        label_visibility="collapsed",
        width="content",
    )
    return str(chosen or "client_count")


def comparison(screen: Screen) -> tuple[date, str]:
    """The two choices of a matrix of moves in one row: the earlier date and what the cells show."""
    with st.container(horizontal=True, vertical_alignment="center"):
        return before(screen, "before"), measure(screen, "measure")

"""The choices of the exploring screen: starting points, widgets, filters; all of them live in the address.

The address is the truth: a widget is drawn as the address says, and what is changed is written there before the next run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pyarrow as pa
import streamlit as st

from kam import explore
from kam.columns import kind_of, label_of
from kam.explore import Axis, Choice, Column, Condition, Key, Measure
from kam.formats import Number
from kam.i18n import Translator
from kam.ui import invitation, menu
from kam.ui.failures import guarded
from kam.ui.filters import FILTERS
from kam.ui.frame import Screen
from kam.ui.text import escape

OWN_COLUMNS = "marts.own_columns"
TESTS: Mapping[str, tuple[str, ...]] = {
    "text": ("is", "is_not", "contains", "empty", "filled"),
    "number": ("range", "empty", "filled"),
    "day": ("range", "empty", "filled"),
    "flag": ("is", "empty"),
}
SHOWN_CHARACTERS = 60
Columns = Mapping[str, Column]


@dataclass(frozen=True)
class Asked:
    """What is asked: the choice as the address has it, the same with the page's filters, the columns there are."""

    own: Choice
    whole: Choice
    columns: Columns


# The address


def _read() -> dict[str, list[str]]:
    return {name: st.query_params.get_all(name) for name in explore.PARAMETERS}


def write(choice: Choice) -> None:
    """Puts a choice into the address; the next run reads it there."""
    query = explore.to_query(choice)
    for name in explore.PARAMETERS:
        if name in query:
            st.query_params[name] = query[name]
        elif name in st.query_params:
            del st.query_params[name]


def asked(screen: Screen) -> Asked | None:
    """Draws the choices and gives them back; None where the table chosen was never loaded, which is said."""
    t, default = screen.t, next((name for name in explore.SUBJECTS if name in screen.tables), "orders")
    choice = explore.from_query(_read(), default)
    with st.container(key="explore_choices"):
        first, second = st.columns(5, vertical_alignment="bottom"), st.columns(5)
        with first[0]:
            _one(t("explore.of"), list(explore.SUBJECTS), "x_of", choice.subject, lambda one: t(f"explore.subjects.{one}"), _take_subject)
        if choice.subject not in screen.tables:
            st.info(t("empty.missing", count=1, tables=invitation.table_names([choice.subject], t)), icon=":material/table:")
            menu.link("upload", t, screen.query, label=t("empty.go_upload"))
            return None
        columns = columns_of(screen, choice.subject)
        drawn = Asked(explore.checked(choice, columns), _with_filters(choice, screen), columns)
        _measure(screen, drawn, "measure", choice.measure, first[1:3])
        _look(screen, drawn, first[3], second[4])
        with first[4], st.popover(t("explore.add_filter"), icon=":material/filter_alt:", width="stretch"):
            _new_condition(screen, drawn)
        _axis(screen, drawn, "rows", choice.rows, second[0:2])
        _axis(screen, drawn, "columns", choice.columns, second[2:4])
        if choice.chart == "scatter":
            _measure(screen, drawn, "second", choice.second, st.columns(5)[0:2])
        _conditions(screen, drawn)
    return drawn


def _with_filters(choice: Choice, screen: Screen) -> Choice:
    """The choice narrowed by the page's own filters, which are columns of every table here."""
    chosen = (Condition(name, "is", (screen.filters[name],)) for name in FILTERS if name in screen.filters)
    return replace(choice, conditions=(*choice.conditions, *chosen))


def starts(screen: Screen) -> None:
    """The ready-made questions as buttons; only those whose table is loaded."""
    with st.container(horizontal=True, key="explore_starts"):
        for name, choice in explore.STARTS.items():
            if choice.subject in screen.tables:
                st.button(screen.t(f"explore.starts.{name}"), key=f"x_start_{name}", on_click=guarded(write), args=(choice,), type="secondary")


# Asking


def ask(screen: Screen, subject: str, question: explore.Question) -> pa.Table:
    """The answer to a question over the subject's mart as of the screen's date; kept for the next run."""
    values = tuple((name, tuple(value) if isinstance(value, list) else value) for name, value in question.values.items())
    ws = screen.ws
    return _answer(ws, ws.key, ws.dataset_id, ws.journal.version, subject, screen.as_of, question.text, values)


@st.cache_resource(show_spinner=False, max_entries=32)
def _answer(_ws: Any, key: str, dataset: str | None, version: int, subject: str, as_of: date | None, text: str, values: Any) -> pa.Table:
    bound = {name: list(value) if isinstance(value, tuple) else value for name, value in values}
    return _ws.fetch_over(explore.SUBJECTS[subject].mart, text, bound, as_of=as_of)


def columns_of(screen: Screen, subject: str) -> Columns:
    """The columns that a question about the subject may name."""
    nothing = explore.Question("nothing as (select 1)\nselect * from asked limit 0", {})
    return explore.columns_of(ask(screen, subject, nothing).schema, subject, screen.fetch(OWN_COLUMNS))


# Words


def column_word(column: Column, t: Translator) -> str:
    """A column in words: the product's own by the locale, the user's by its header."""
    if not column.is_own:
        return label_of(column.name, t)
    key = "explore.own" if column.name.startswith(explore.OWN) else "explore.client_own"
    return t(key, name=column.header)


def measure_word(measure: Measure, columns: Columns, t: Translator) -> str:
    """What is measured: a sum by its column alone, the others by column and way."""
    name = column_word(columns[measure.column], t) if measure.column else ""
    if not name:
        return t(f"explore.rows_{measure.way}")
    return name if measure.way == "sum" else t(f"explore.measured.{measure.way}", name=name)


def axis_word(axis: Axis, columns: Columns, t: Translator) -> str:
    """What stands in rows or columns, days with their step."""
    name = column_word(columns[axis.column], t)
    return t(f"explore.by_step.{axis.step}", name=name) if axis.step else name


def key_word(key: Key, axis: Axis, columns: Columns, t: Translator) -> str:
    """The word of a row or column of the answer."""
    column = columns[axis.column]
    if key.is_rest:
        return t("explore.earlier" if column.kind == "day" else "explore.rest")
    if key.value is None:
        return t("explore.nothing")
    if isinstance(key.value, date):
        return day_word(key.value, axis.step, t)
    return value_word(key.value, column, t)


def value_word(value: object, column: Column, t: Translator) -> str:
    """A value of a column in words."""
    if isinstance(value, bool):
        return t("explore.yes" if value else "explore.no")
    if isinstance(value, str):
        return value if column.is_own else t.value(column.name, value)
    return t.number(value) if isinstance(value, Number) else str(value)


def day_word(day: date, step: str, t: Translator) -> str:
    """The first day of a step as the step is called."""
    if step in ("day", "week"):
        return t.day(day) if step == "day" else t("explore.week", day=day)
    if step == "quarter":
        return t("explore.quarter", number=(day.month + 2) // 3, year=str(day.year))
    return str(day.year) if step == "year" else f"{t(f'charts.month.m{day.month}')} {day.year}"


def condition_word(condition: Condition, columns: Columns, t: Translator) -> str:
    """A filter in words."""
    column = columns[condition.column]
    if condition.test == "range":
        low, high = (_end_word(text, column, t) for text in condition.values)
        ends = (t("explore.from", value=low) if low else "", t("explore.till", value=high) if high else "")
        said = " ".join(end for end in ends if end)
    else:
        values = ", ".join(_end_word(text, column, t) for text in condition.values)
        said = t(f"explore.tests_said.{condition.test}", values=values)
    return f"{column_word(column, t)}: {said}"


def _end_word(text: str, column: Column, t: Translator) -> str:
    if column.kind == "day" and text:
        return t.day(date.fromisoformat(text))
    if column.kind == "flag":
        return t("explore.yes" if text == "true" else "explore.no")
    return value_word(text, column, t) if column.kind == "text" else text


# The widgets


def _one(label: str, options: Sequence[Any], key: str, value: Any, say: Any, take: Any, *args: Any, **more: Any) -> None:
    """A select box drawn as the address says."""
    st.session_state[key] = value
    st.selectbox(label, options, key=key, format_func=say, on_change=guarded(take), args=args, **more)


def _take_subject() -> None:
    write(explore.SUBJECTS[st.session_state["x_of"]].first)


def _axis(screen: Screen, drawn: Asked, name: str, axis: Axis | None, places: Sequence[Any]) -> None:
    """What stands in rows or columns, and the step of a day."""
    t = screen.t
    groups = [column.name for column in drawn.columns.values() if column.is_group]
    options = groups if name == "rows" else ["", *groups]
    with places[0]:
        _one(
            t(f"explore.{name}"), options, f"x_{name}", axis.column if axis else "",
            lambda one: column_word(drawn.columns[one], t) if one else t("explore.no_columns"), _take_axis, name, drawn,
        )  # fmt: skip
    if axis and drawn.columns[axis.column].kind == "day":
        with places[1]:
            _one(
                t("explore.step"), explore.STEPS, f"x_{name}_step", axis.step or "month",
                lambda one: t(f"explore.steps.{one}"), _take_axis, name, drawn,
            )  # fmt: skip


def _take_axis(name: str, drawn: Asked) -> None:
    column = st.session_state[f"x_{name}"]
    is_day = bool(column) and drawn.columns[column].kind == "day"
    axis = Axis(column, st.session_state.get(f"x_{name}_step") or "month" if is_day else "") if column else None
    write(replace(drawn.own, **{name: axis}))  # type: ignore[arg-type]


def _measure(screen: Screen, drawn: Asked, name: str, measure: Measure, places: Sequence[Any]) -> None:
    """How it is measured, and which column."""
    t = screen.t
    ways = [way for way in explore.WAYS if way in ("count", "share") or measured(way, drawn.columns)]
    with places[0]:
        _one(t(f"explore.{name}"), ways, f"x_{name}", measure.way, lambda one: t(f"explore.ways.{one}"), _take_measure, name, drawn)
    if measure.way == "count":
        return
    options = [*([""] if measure.way == "share" else []), *measured(measure.way, drawn.columns)]
    if measure.column not in options:
        options.append(measure.column)
    with places[1]:
        _one(
            t("explore.of_column"), options, f"x_{name}_column", measure.column,
            lambda one: column_word(drawn.columns[one], t) if one else t("explore.rows_count"), _take_measure, name, drawn,
        )  # fmt: skip


def measured(way: str, columns: Columns) -> list[str]:
    """The columns that a way can measure; shares of single clients can be averaged, their sum means nothing."""
    if way == "distinct":
        return [column.name for column in columns.values() if column.is_group]
    numbers = [column.name for column in columns.values() if column.is_measured]
    return [name for name in numbers if way not in ("sum", "share") or kind_of(name, columns[name].type) != "percent"]


def _take_measure(name: str, drawn: Asked) -> None:
    way = st.session_state[f"x_{name}"]
    options = [*([""] if way == "share" else []), *measured(way, drawn.columns)] if way != "count" else [""]
    column = st.session_state.get(f"x_{name}_column")
    write(replace(drawn.own, **{name: Measure(way, column if column in options else options[0])}))  # type: ignore[arg-type]


def _look(screen: Screen, drawn: Asked, chart: Any, top: Any) -> None:
    """The kind of chart, and how many rows stand by themselves."""
    t = screen.t
    with chart:
        _one(t("explore.chart_kind"), explore.CHARTS, "x_chart", drawn.own.chart, lambda one: t(f"explore.charts.{one}"), _take_look, drawn)
    is_day = drawn.columns[drawn.own.rows.column].kind == "day"
    with top:
        _one(
            t("explore.top"), explore.TOPS, "x_top", 0 if is_day else drawn.own.top,
            lambda one: t("explore.top_said", count=one) if one else t("explore.top_all"), _take_look, drawn, disabled=is_day,
        )  # fmt: skip


def _take_look(drawn: Asked) -> None:
    write(replace(drawn.own, chart=st.session_state["x_chart"], top=st.session_state["x_top"]))


# Filters


def _conditions(screen: Screen, drawn: Asked) -> None:
    """The filters in force, each taken off by a click."""
    t = screen.t
    if not drawn.own.conditions:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        for at, condition in enumerate(drawn.own.conditions):
            said = condition_word(condition, drawn.columns, t)
            cut = said if len(said) <= SHOWN_CHARACTERS else f"{said[: SHOWN_CHARACTERS - 1]}…"
            st.button(
                escape(cut), key=f"x_drop_{at}", icon=":material/close:", help=t("explore.drop_filter"),
                on_click=guarded(_drop), args=(drawn.own, at),
            )  # fmt: skip


def _drop(choice: Choice, at: int) -> None:
    write(replace(choice, conditions=(*choice.conditions[:at], *choice.conditions[at + 1 :])))


def _new_condition(screen: Screen, drawn: Asked) -> None:
    t = screen.t
    name = st.selectbox(
        t("explore.filter_column"), list(drawn.columns), key="x_where", format_func=lambda one: column_word(drawn.columns[one], t)
    )
    column = drawn.columns[name]
    test = st.selectbox(
        t("explore.filter_test"), TESTS[column.kind], key=f"x_test_{column.kind}", format_func=lambda one: t(f"explore.tests.{one}")
    )
    values = _values(screen, drawn, column, test)
    if st.button(t("explore.filter_add"), key="x_add", type="primary", disabled=values is None):
        write(replace(drawn.own, conditions=(*drawn.own.conditions, Condition(name, test, values or ()))))
        st.rerun()


def _values(screen: Screen, drawn: Asked, column: Column, test: str) -> tuple[str, ...] | None:
    """The values typed or picked; None while there are none."""
    t = screen.t
    if test in ("empty", "filled"):
        return ()
    if test == "contains":
        text = st.text_input(t("explore.filter_words"), key=f"x_words_{column.name}").strip()
        return (text,) if text else None
    if test == "range":
        return _range(column, t)
    if column.kind == "flag":
        options = ["true", "false"]
    else:
        found = ask(screen, drawn.own.subject, explore.values_question(column.name, drawn.columns))
        options = found.column("found").to_pylist()
    picked = st.multiselect(
        t("explore.filter_values"), options, key=f"x_values_{column.name}", accept_new_options=column.kind == "text",
        format_func=lambda one: _end_word(one, column, t), placeholder=t("explore.filter_pick"),
    )  # fmt: skip
    return tuple(picked) or None


def _range(column: Column, t: Translator) -> tuple[str, ...] | None:
    ends: list[Any] = []
    for name, place in zip(("low", "high"), st.columns(2), strict=True):
        key, label = f"x_{name}_{column.name}", t(f"explore.filter_{name}")
        with place:
            if column.kind == "day":
                ends.append(st.date_input(label, None, key=key, format="DD.MM.YYYY", min_value=date(1990, 1, 1), max_value=date(2100, 12, 31)))
            else:
                ends.append(st.number_input(label, value=None, key=key))
    texts = tuple("" if end is None else end.isoformat() if isinstance(end, date) else f"{end:.10g}" for end in ends)
    return texts if any(texts) else None

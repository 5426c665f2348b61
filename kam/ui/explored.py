"""The answer of the exploring screen: chart, pivot with totals and shares, the rows behind a cell, the same question as SQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import pyarrow as pa
import streamlit as st

from kam import explore
from kam.charts import CONFIG
from kam.charts import explore as charts
from kam.charts.common import label
from kam.columns import kind_of as kind_of_column
from kam.explore import Key, Measure, Pivot
from kam.exports import books
from kam.formats import Number
from kam.i18n import Translator
from kam.ui import downloads, exploring, menu, tables
from kam.ui.evidence import Evidence
from kam.ui.exploring import Asked, column_word, measure_word
from kam.ui.failures import guarded
from kam.ui.frame import Screen

TABLE = "explore_table"
CHART = "explore_chart"
Place = tuple[int | None, int | None]
Write = Callable[[Number | None], str]


def kind_of(measure: Measure, asked: Asked) -> str:
    """How the measure is written: count, percent, money, decimal or exact."""
    if measure.way in ("count", "distinct"):
        return "count"
    if measure.way == "share":
        return "percent"
    column = asked.columns[measure.column]
    kind = "exact" if column.is_own else kind_of_column(column.name, column.type)
    return "decimal" if kind == "count" and measure.way != "sum" else kind


def writers(kind: str, t: Translator) -> tuple[Write, Write]:
    """How a value is written in full and in short."""
    pairs: Mapping[str, tuple[Write, Write]] = {
        "money": (t.money, t.money_short),
        "percent": (lambda value: t.percent(value, 1), lambda value: t.percent(value, 0)),
        "count": (lambda value: t.number(value, 0), lambda value: t.number(value, 0)),
        "decimal": (lambda value: t.number(value, 1), lambda value: t.number(value, 1)),
    }
    return pairs.get(kind, (t.number, t.number))


class Answer:
    """A question with its answer: the pivot, and the words of its keys."""

    def __init__(self, screen: Screen, asked: Asked) -> None:
        choice, columns = asked.whole, asked.columns
        self.screen, self.asked, self.choice, self.columns, self.t = screen, asked, choice, columns, screen.t
        table = exploring.ask(screen, choice.subject, explore.pivot_question(choice, columns))
        self.pivot: Pivot = explore.pivot_of(table, choice, columns)
        self.rows = tuple(exploring.key_word(key, choice.rows, columns, self.t) for key in self.pivot.rows)
        across = choice.columns
        self.across = tuple(exploring.key_word(key, across, columns, self.t) for key in self.pivot.columns) if across else ()
        self.kind = kind_of(choice.measure, asked)
        self.write, self.short = writers(self.kind, self.t)
        self.measure = measure_word(choice.measure, columns, self.t)
        self.is_additive = choice.measure.way in explore.ADDITIVE

    @property
    def title(self) -> str:
        """What is asked, in words."""
        sides = [self.choice.rows, *([self.choice.columns] if self.choice.columns else [])]
        by = ", ".join(exploring.axis_word(axis, self.columns, self.t) for axis in sides)
        return f"{self.measure} · {by}"


def show(screen: Screen, asked: Asked) -> None:
    """The answer: chart, table, rows behind, SQL; or what to do where no row is left."""
    answer = Answer(screen, asked)
    if not answer.pivot.row_count:
        st.info(screen.t("explore.nothing_found"), icon=":material/filter_alt_off:")
        return
    _chart(answer)
    _table(answer)
    _sql(answer)


# The chart


def _words(answer: Answer) -> charts.Words:
    t, choice = answer.t, answer.choice
    second = measure_word(choice.second, answer.columns, t)
    return charts.Words(
        title=label(answer.title, 160),
        note=_note(answer),
        rows=answer.rows,
        columns=answer.across,
        measure=label(answer.measure, 60),
        write=answer.write,
        short=answer.short,
        is_additive=answer.is_additive,
        is_days=answer.columns[choice.rows.column].kind == "day",
        colour=choice.columns.column if choice.columns else "",
        second=label(second, 60),
        write_second=writers(kind_of(choice.second, answer.asked), t)[0],
    )


def _note(answer: Answer) -> str:
    """The total and the greatest row, the finding in one line; what the chart leaves out."""
    t, pivot = answer.t, answer.pivot
    rows = t("units.rows", count=pivot.row_count)
    said = t(f"explore.chart.{'total' if answer.is_additive else 'overall'}", value=answer.write(pivot.value(None, None)), rows=rows)
    whole = {row: value for row, key in enumerate(pivot.rows) if not key.is_rest and (value := pivot.value(row, None)) is not None}
    if len(whole) > 1:
        most = max(whole, key=lambda row: whole[row])
        said += " " + t("explore.chart.most", name=label(answer.rows[most], 50), value=answer.write(whole[most]))
    rest = next((row for row, key in enumerate(pivot.rows) if key.is_rest), None)
    if answer.choice.chart in ("bar", "scatter") and rest is not None and not _is_days(answer):
        said += " " + t("explore.chart.rest", value=answer.write(pivot.value(rest, None)))
    if answer.choice.chart in ("bar", "heat") and len(pivot.rows) > charts.MOST_BARS and not _is_days(answer):
        said += " " + t("explore.chart.first", count=charts.MOST_BARS)
    if answer.choice.chart in ("treemap", "box"):
        said += " " + t(f"explore.chart.{answer.choice.chart}_note")
    return said


def _is_days(answer: Answer) -> bool:
    return answer.columns[answer.choice.rows.column].kind == "day"


def _chart(answer: Answer) -> None:
    screen, words, kind = answer.screen, _words(answer), answer.choice.chart
    if kind == "treemap" and not answer.is_additive:
        screen.note("explore.chart.not_whole", measure=answer.measure)
        kind = "bar"
    if kind == "box" and not _is_spread(answer):
        screen.note("explore.chart.not_spread")
        kind = "bar"
    if kind == "box":
        figure, rows = _boxes(answer, words)
    else:
        figure, rows = charts.draw(kind, answer.pivot, words, answer.t, screen.palette), answer.pivot.rows

    def behind(point: dict[str, Any]) -> Evidence | None:
        place = point.get("customdata")
        if not place:
            return None
        row = rows[place[0]]
        column = None if place[1] is None else answer.pivot.columns[place[1]]
        return _evidence(answer, row, column)

    if kind in ("heat", "treemap"):  # these give no clicks: their cells stand in the table below
        st.plotly_chart(figure, key=CHART, config=CONFIG, theme=None)
    else:
        screen.chart(figure, "explore", behind)


def _is_spread(answer: Answer) -> bool:
    measure = answer.choice.measure
    return measure.way in explore.OF_NUMBERS and bool(measure.column)


def _boxes(answer: Answer, words: charts.Words) -> tuple[Any, tuple[Key, ...]]:
    choice = answer.choice
    spread = exploring.ask(answer.screen, choice.subject, explore.spread_question(choice, answer.columns))
    found = {Key(line["row_key"], line["is_row_rest"]): at for at, line in enumerate(spread.to_pylist())}
    rows = tuple(key for key in answer.pivot.rows if key in found)[: charts.MOST_BARS]
    names = [exploring.key_word(key, choice.rows, answer.columns, answer.t) for key in rows]
    column = answer.columns[choice.measure.column]
    kind = "exact" if column.is_own else kind_of_column(column.name, column.type)
    write, short = writers(kind, answer.t)
    spoken = replace(words, measure=label(column_word(column, answer.t), 60), write=write, short=short)
    return charts.boxes(spread.take([found[key] for key in rows]), names, spoken, answer.t, answer.screen.palette), rows


# The table


def _table(answer: Answer) -> None:
    """The pivot: a selected cell opens its rows, one of the first column or of the total those of the whole row or column."""
    t, frame = answer.t, _frame(answer)
    names = _headings(answer)
    writers_by_name = {name: _or_nothing(answer.write) for name in frame.columns if name != "row"}
    others = {"share": writers("percent", t)[0], "second": writers(kind_of(answer.choice.second, answer.asked), t)[0]}
    writers_by_name |= {name: _or_nothing(write) for name, write in others.items() if name in frame.columns}
    last = len(frame) - 1
    styler = frame.style.format(writers_by_name).apply(lambda line: ["font-weight: 600" if line.name == last else "" for _ in line], axis=1)
    st.dataframe(
        styler,
        key=TABLE,
        hide_index=True,
        column_config={name: st.column_config.Column(heading, pinned=name == "row" and len(names) > 8) for name, heading in names.items()},
        on_select=guarded(_mark),
        selection_mode="single-cell",
        height=min(tables.MAX_HEIGHT, tables.ROW_HEIGHT * (len(frame) + 1) + 3),
        row_height=tables.ROW_HEIGHT,
        placeholder="—",
    )
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption(t("explore.click_a_cell"), width="content")
        st.download_button(
            t("table.download"),
            data=downloads.on_record(lambda: book(answer), file := f"{t('explore.file')}.xlsx", len(answer.rows)),
            file_name=file,
            key="explore_xlsx",
            icon=":material/download:",
            type="tertiary",
            on_click="ignore",
        )
    place = _selected(answer)
    if place:
        row, column = (None if at is None else keys[at] for at, keys in zip(place, (answer.pivot.rows, answer.pivot.columns), strict=True))
        answer.screen.open(_evidence(answer, row, column))


def _mark() -> None:
    st.session_state["_asked_explore"] = True


def _selected(answer: Answer) -> Place | None:
    """The place of the cell just selected; None in a place is a total."""
    cells = ((st.session_state.get(TABLE) or {}).get("selection") or {}).get("cells") or []
    if not st.session_state.pop("_asked_explore", False) or not cells:
        return None
    row, name = cells[0]
    column = int(name[1:]) if name.startswith("c") else None
    return (row if row < len(answer.pivot.rows) else None), column


def _headings(answer: Answer) -> dict[str, str]:
    """The names of the frame's columns: places, never words of the data, and what is read above them."""
    heads = {"row": exploring.axis_word(answer.choice.rows, answer.columns, answer.t)}
    heads |= {f"c{at}": name for at, name in enumerate(answer.across)}
    heads["total"] = answer.t("explore.total") if answer.across else answer.measure
    heads |= {"share": answer.t("explore.share")} if _has_share(answer) else {}
    is_scatter = answer.choice.chart == "scatter"
    return heads | ({"second": measure_word(answer.choice.second, answer.columns, answer.t)} if is_scatter else {})


def _has_share(answer: Answer) -> bool:
    return answer.choice.measure.way in ("count", "sum") and bool(answer.pivot.value(None, None))


def _line(answer: Answer, row: int | None) -> dict[str, Any]:
    pivot = answer.pivot
    line: dict[str, Any] = {f"c{at}": pivot.value(row, at) for at in range(len(pivot.columns))}
    line["total"] = pivot.value(row, None)
    if _has_share(answer):
        whole, part = pivot.value(None, None), line["total"]
        line["share"] = None if part is None or not whole else float(part) / float(whole)
    if answer.choice.chart == "scatter":
        cell = pivot.cells.get((row, None))
        line["second"] = cell.second if cell else None
    return line


def _frame(answer: Answer) -> pd.DataFrame:
    """The pivot as a frame with the totals last."""
    places: list[int | None] = [*range(len(answer.rows)), None]
    frame = pd.DataFrame([_line(answer, row) for row in places]).astype(float)
    frame.insert(0, "row", [*answer.rows, answer.t("explore.total")])
    return frame


def _or_nothing(write: Write) -> Callable[[Any], str]:
    return lambda value: "—" if pd.isna(value) else write(value)


def book(answer: Answer) -> bytes:
    """The pivot as an xlsx book, with its question and filters on a second sheet."""
    t, heads = answer.t, _headings(answer)
    lines = [_line(answer, row) for row in [*range(len(answer.rows)), None]]
    kinds = dict.fromkeys(heads, answer.kind) | {"row": "text", "share": "percent", "second": kind_of(answer.choice.second, answer.asked)}
    cells: dict[str, pa.Array] = {"row": pa.array([*answer.rows, t("explore.total")])}
    cells |= {name: pa.array([_plain(line.get(name)) for line in lines], pa.float64()) for name in heads if name != "row"}
    columns = tuple(books.BookColumn(heading, kinds[name]) for name, heading in heads.items())
    question = [answer.title, t("explore.as_of", day=t.day(answer.screen.as_of))]
    question += [exploring.condition_word(one, answer.columns, t) for one in answer.choice.conditions]
    about = books.BookSheet(t("explore.question"), pa.table({"question": question}), (books.BookColumn(t("explore.question")),))
    return books.book([books.BookSheet(t("explore.title"), pa.table(cells), columns), about], t.language)


def _plain(value: Number | None) -> float | None:
    return None if value is None else float(value)


# The rows behind


def _evidence(answer: Answer, row: Key | None, column: Key | None) -> Evidence:
    choice, t = answer.choice, answer.t
    sides = ((row, choice.rows), (column, choice.columns))
    said = [exploring.key_word(key, axis, answer.columns, t) for key, axis in sides if key and axis]
    filters = [exploring.condition_word(one, answer.columns, t) for one in choice.conditions]
    place = [at if key is None else keys.index(key) for key, keys, at in ((row, answer.pivot.rows, None), (column, answer.pivot.columns, None))]
    facts = {
        "question": answer.title,
        "filters": "; ".join(filters) or t("explore.no_filters"),
        "value": answer.write(answer.pivot.value(place[0], place[1])),
    }
    return Evidence(" · ".join(said) or t("explore.total"), "explore.behind", facts, lambda: rows_behind(answer, row, column))


def rows_behind(answer: Answer, row: Key | None, column: Key | None) -> pa.Table:
    """The rows of a cell: what the question names first, own columns by their headers."""
    choice, columns = answer.choice, answer.columns
    question = explore.rows_question(choice, columns, row, column)
    mart = explore.SUBJECTS[choice.subject].mart
    table = answer.screen.ws.fetch_over(mart, question.text, question.values, as_of=answer.screen.as_of)
    headers = {f"own_{number}": column_word(columns[name], answer.t) for number, name in enumerate(explore.own_named(choice), 1)}
    named = [choice.rows.column, choice.columns.column if choice.columns else "", choice.measure.column]
    named += [one.column for one in choice.conditions]
    first = ["client_name", explore.SUBJECTS[choice.subject].day, *named, *headers]
    order = [name for name in dict.fromkeys([*first, *table.column_names]) if name in table.column_names]
    return table.select(order).rename_columns([headers.get(name, name) for name in order])


# The same as SQL


def _sql(answer: Answer) -> None:
    screen, text = answer.screen, explore.as_sql(answer.choice, answer.columns)
    with st.expander(answer.t("explore.sql"), icon=":material/code:"):
        screen.note("explore.sql_note")
        st.code(text, language="sql")
        if menu.exists("sql") and st.button(answer.t("explore.to_sql"), icon=":material/arrow_forward:"):
            st.session_state["sql_text"] = text
            st.switch_page(menu.script_of("sql"), query_params=dict(screen.query))

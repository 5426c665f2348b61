"""Charts of a free question: bars, lines, points, heat map, treemap, boxes. Points carry the places of their row and column.

Knows the answer and its words, no mart: which table was asked stands in the title alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import plotly.graph_objects as go
import pyarrow as pa

from kam.charts.common import FULL, axis, figure, label, nothing, steps
from kam.explore import Cell, Key, Pivot
from kam.formats import Number
from kam.i18n import Translator
from kam.palette import Palette

Write = Callable[[Number | None], str]
MOST_CELLS = 160  # of a heat map that still have their numbers in them
MOST_BARS = 60
LEGEND_ROW = 110  # characters of a legend's line


@dataclass(frozen=True)
class Words:
    """What a chart says: its title and note, the words of rows and columns, what is measured, and how numbers are written.

    colour: the column of the data in the pivot's columns, whose codes may have colours of their own.
    """

    title: str
    note: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    measure: str
    write: Write
    short: Write
    is_additive: bool = True
    is_days: bool = False
    colour: str = ""
    second: str = ""
    write_second: Write = str


def replaced(words: Words, **changes: Any) -> Words:
    """The words with some of them changed."""
    return replace(words, **changes)


def draw(kind: str, pivot: Pivot, words: Words, t: Translator, palette: Palette) -> go.Figure:
    """The answer as a chart: bar, line, scatter, heat or treemap."""
    makers = {"bar": bars, "line": lines, "scatter": points, "heat": heat, "treemap": treemap}
    return makers[kind](pivot, words, t, palette)


def series_colours(keys: Sequence[Key], colour: str, palette: Palette) -> list[str]:
    """A colour a key: the palette's own where its code has one, else one after another, muted for the rest."""
    cycle = (
        palette.accent, palette.kinds["need"], palette.kinds["standard"], palette.verdicts["near"], palette.verdicts["bad"],
        palette.statuses["new"], palette.kinds["standard+need"], palette.classes["C"], palette.statuses["loyal"],
        palette.statuses["lost"], palette.statuses["one_time"],
    )  # fmt: skip
    return [
        palette.muted if key.is_rest else _own_colour(colour, key.value, palette) or cycle[at % len(cycle)] for at, key in enumerate(keys)
    ]


def _own_colour(colour: str, code: object, palette: Palette) -> str | None:
    return palette.kinds.get(str(code)) if colour == "kind" else palette.of(colour, str(code))


def _series(pivot: Pivot, words: Words) -> list[tuple[int | None, str]]:
    """The columns to draw with their names; the total of a question without columns."""
    return [(at, label(name)) for at, name in enumerate(words.columns)] if words.columns else [(None, words.measure)]


def _shades(pivot: Pivot, words: Words, palette: Palette) -> list[str]:
    return series_colours(pivot.columns, words.colour, palette) if words.columns else [palette.accent]


def _numbers(pivot: Pivot, column: int | None, rows: Sequence[int]) -> list[float | None]:
    return [None if (value := pivot.value(row, column)) is None else float(value) for row in rows]


def _hover(pivot: Pivot, words: Words, column: int | None, rows: Sequence[int]) -> list[str]:
    return [words.write(pivot.value(row, column)) for row in rows]


def _frame(words: Words, t: Translator, palette: Palette, series: Sequence[tuple[int | None, str]], height: int) -> go.Figure:
    rows = -(-sum(len(name) + 6 for _, name in series) // LEGEND_ROW) if len(series) > 1 else 0
    return figure(t, palette, title=words.title, note=words.note, height=height + 20 * rows, width=FULL, legend_rows=rows)


def _value_axis(words: Words, palette: Palette, values: Sequence[float], **more: Any) -> dict[str, Any]:
    """An axis with marks as the language writes them; below zero plotly's own."""
    if values and min(values) >= 0:
        marks = steps(max(values))
        more |= {"tickvals": marks, "ticktext": [words.short(mark) for mark in marks], "rangemode": "tozero"}
    return axis(palette, words.measure, **more)


def bars(pivot: Pivot, words: Words, t: Translator, palette: Palette) -> go.Figure:
    """Bars by row: upright for days, lying for names; columns on top of each other where they add up, else side by side."""
    shown = range(len(pivot.rows)) if words.is_days else range(len(_by_name(pivot)))
    series = _series(pivot, words)
    height = 400 if words.is_days else 130 + 28 * max(len(shown), 2) * (1 if words.is_additive else max(len(series) // 3, 1))
    made = _frame(words, t, palette, series, height)
    names = [label(words.rows[row], 40) for row in shown]
    colours = _shades(pivot, words, palette)
    for (column, name), colour in zip(series, colours, strict=True):
        values = _numbers(pivot, column, shown)
        along, across = ("y", "x") if words.is_days else ("x", "y")
        made.add_bar(
            **{along: values, across: list(shown)},
            orientation="v" if words.is_days else "h",
            name=name,
            marker={"color": colour},
            customdata=[[row, column] for row in shown],
            hovertext=[f"{one} · {said}" for one, said in zip(names, _hover(pivot, words, column, shown), strict=True)],
            hovertemplate=f"%{{hovertext}}<extra>{name if words.columns else ''}</extra>",
            text=None if words.columns or words.is_days else [words.short(pivot.value(row, None)) for row in shown],
            textposition=None if words.columns or words.is_days else "outside",
            cliponaxis=False,
        )
    made.update_layout(barmode="relative" if words.is_additive else "group")
    totals = _reach(pivot, words, series, shown)
    value_axis = _value_axis(words, palette, totals)
    named = _named_axis(palette, names, upright=words.is_days)
    if words.is_days:
        made.update_xaxes(**named)
        made.update_yaxes(**value_axis)
    else:
        room = {} if words.columns or not totals or min(totals) < 0 else {"range": [0, (max(totals) or 1) * 1.12]}
        made.update_xaxes(**{**value_axis, **room})
        made.update_yaxes(**named)
    return made


def _by_name(pivot: Pivot) -> tuple[Key, ...]:
    """The rows that lying bars show: the rest, often longer than all of them, is said in the note and stands in the table."""
    return tuple(key for key in pivot.rows if not key.is_rest)[:MOST_BARS]


def _reach(pivot: Pivot, words: Words, series: Sequence[tuple[int | None, str]], rows: Sequence[int]) -> list[float]:
    """What the axis must hold: whole bars where they stand on top of each other, and any value below zero."""
    cells = [value for column, _ in series for value in _numbers(pivot, column, rows) if value is not None]
    if not words.is_additive or not words.columns:
        return cells
    totals = [value for value in _numbers(pivot, None, rows) if value is not None]
    return [*totals, *(value for value in cells if value < 0)]


def _named_axis(palette: Palette, names: Sequence[str], *, upright: bool) -> dict[str, Any]:
    """An axis of names by their places, so that two of the same name stay two; of many days every so many has its name."""
    every = max(1, -(-len(names) // 18)) if upright else 1
    marks = list(range(0, len(names), every))
    ends = [-0.6, len(names) - 0.4]
    turned = {"range": ends} if upright else {"range": ends[::-1], "tickfont": {"color": palette.text, "size": 12}}
    return axis(palette, grid=False, tickvals=marks, ticktext=[names[mark] for mark in marks], **turned)


def lines(pivot: Pivot, words: Words, t: Translator, palette: Palette) -> go.Figure:
    """A line a column over the rows in their order; a gap where nothing was measured, nothing for a sum of no rows."""
    shown = range(len(pivot.rows))
    series = _series(pivot, words)
    made = _frame(words, t, palette, series, 400)
    names = [label(name, 40) for name in words.rows]
    every: list[float] = []
    for (column, name), colour in zip(series, _shades(pivot, words, palette), strict=True):
        values = _numbers(pivot, column, shown)
        if words.is_additive and words.is_days:
            values = [value if value is not None else 0.0 for value in values]
        every += [value for value in values if value is not None]
        made.add_scatter(
            x=list(shown),
            y=values,
            mode="lines+markers" if len(shown) <= 80 else "lines",
            name=name,
            line={"color": colour, "width": 2},
            marker={"size": 6},
            customdata=[[row, column] for row in shown],
            hovertext=[f"{one} · {said}" for one, said in zip(names, _hover(pivot, words, column, shown), strict=True)],
            hovertemplate=f"%{{hovertext}}<extra>{name if words.columns else ''}</extra>",
        )
    made.update_xaxes(**_named_axis(palette, names, upright=True))
    made.update_yaxes(**_value_axis(words, palette, every))
    return made


def points(pivot: Pivot, words: Words, t: Translator, palette: Palette) -> go.Figure:
    """A point a row: the second measure across, the first up; the rest, which is no single one, stands in the table."""
    alone = [row for row, key in enumerate(pivot.rows) if not key.is_rest]
    cells = [(row, cell) for row in alone if (cell := pivot.cells.get((row, None))) and _is_both(cell)]
    if not cells:
        return nothing(t, palette, words.title, t("explore.chart.no_points"), width=FULL)
    made = figure(t, palette, title=words.title, note=words.note, height=460, width=FULL)
    said = [f"{label(words.rows[row], 60)}: {words.write(cell.value)} · {words.write_second(cell.second)}" for row, cell in cells]
    made.add_scatter(
        x=[float(cell.second or 0) for _, cell in cells],
        y=[float(cell.value or 0) for _, cell in cells],
        mode="markers",
        marker={"size": 10, "color": palette.accent, "opacity": 0.75},
        customdata=[[row, None] for row, _ in cells],
        hovertext=said,
        hovertemplate="%{hovertext}<extra></extra>",
    )
    made.update_xaxes(**axis(palette, words.second, rangemode="tozero"))
    made.update_yaxes(**_value_axis(words, palette, [float(cell.value or 0) for _, cell in cells]))
    return made


def _is_both(cell: Cell) -> bool:
    return cell.value is not None and cell.second is not None


def heat(pivot: Pivot, words: Words, t: Translator, palette: Palette) -> go.Figure:
    """A square a cell, the fuller the greater; numbers in them while there is room."""
    shown = range(min(len(pivot.rows), MOST_BARS))
    series = _series(pivot, words)
    values = [[pivot.value(row, column) for column, _ in series] for row in shown]
    texts = [[words.short(value) if value is not None else "" for value in line] for line in values]
    made = figure(t, palette, title=words.title, note=words.note, height=150 + 30 * max(len(shown), 2), width=FULL, head=30)
    made.add_heatmap(
        z=[[None if value is None else float(value) for value in line] for line in values],
        x=list(range(len(series))),
        y=list(shown),
        colorscale=[[0, _faded(palette.accent, 0.06)], [1, _faded(palette.accent, 0.55)]],  # words in them must read
        textfont={"color": palette.text},
        showscale=False,
        xgap=2,
        ygap=2,
        text=texts if len(shown) * len(series) <= MOST_CELLS else None,
        texttemplate="%{text}" if len(shown) * len(series) <= MOST_CELLS else None,
        hovertext=[[f"{label(words.rows[row])} · {name}: {words.write(pivot.value(row, column))}" for column, name in series] for row in shown],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    across = axis(palette, grid=False, tickvals=list(range(len(series))), ticktext=[label(name, 18) for _, name in series])
    made.update_xaxes(**across | {"side": "top"})
    made.update_yaxes(**_named_axis(palette, [label(words.rows[row], 40) for row in shown], upright=False))
    return made


def _faded(colour: str, depth: float) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{depth})"


def treemap(pivot: Pivot, words: Words, t: Translator, palette: Palette) -> go.Figure:
    """An area a row, divided by columns; what is not above zero has no area and is left out, which the note says."""
    ids, names, parents, values, said, colours = [], [], [], [], [], []
    shades = series_colours(pivot.rows, "", palette)
    for row, shade in enumerate(shades):
        leaves = [(column, float(value)) for column, _ in _series(pivot, words) if (value := pivot.value(row, column)) and value > 0]
        if not leaves:
            continue
        if words.columns:
            leaf_names = [label(words.columns[column or 0]) for column, _ in leaves]
            ids += [f"r{row}", *(f"r{row}c{column}" for column, _ in leaves)]
            names += [label(words.rows[row]), *leaf_names]
            parents += ["", *(f"r{row}" for _ in leaves)]
            values += [sum(value for _, value in leaves), *(value for _, value in leaves)]
            said += [words.short(sum(value for _, value in leaves)), *(words.short(value) for _, value in leaves)]
            colours += [shade] * (len(leaves) + 1)
        else:
            ids, names, parents = [*ids, f"r{row}"], [*names, label(words.rows[row])], [*parents, ""]
            values, said, colours = [*values, leaves[0][1]], [*said, words.short(leaves[0][1])], [*colours, shade]
    if not ids:
        return nothing(t, palette, words.title, t("explore.chart.no_area"), width=FULL)
    made = figure(t, palette, title=words.title, note=words.note, height=460, width=FULL)
    made.add_treemap(
        ids=ids, labels=names, parents=parents, values=values, text=said, branchvalues="total", sort=True,
        textinfo="label+text", hovertemplate="%{label}: %{text}<extra></extra>", tiling={"pad": 2},
        marker={"colors": colours, "line": {"width": 1, "color": palette.background}, "cornerradius": 2},
        pathbar={"visible": False}, textfont={"color": palette.background},
    )  # fmt: skip
    return made


def boxes(spread: pa.Table, names: Sequence[str], words: Words, t: Translator, palette: Palette) -> go.Figure:
    """A box a row: the middle half of the values and their median; whiskers from the 5 to the 95 % mark.

    spread: the answer of kam.explore.spread_question; names: the words of its rows.
    """
    if not names:
        return nothing(t, palette, words.title, t("explore.chart.no_points"), width=FULL)
    marks = list(zip(*spread.column("marks").to_pylist(), strict=True))
    made = figure(t, palette, title=words.title, note=words.note, height=130 + 38 * max(len(names), 2), width=FULL)
    made.add_box(
        y=list(range(len(names))),
        lowerfence=marks[0], q1=marks[1], median=marks[2], q3=marks[3], upperfence=marks[4],
        orientation="h", line={"color": palette.accent}, width=0.5, hoverinfo="skip", showlegend=False,
    )  # fmt: skip
    made.add_scatter(
        x=marks[2],
        y=list(range(len(names))),
        mode="markers",
        marker={"size": 9, "color": palette.accent},
        customdata=[[row, None] for row in range(len(names))],
        hovertext=[
            t("explore.chart.box_said", name=name, low=words.write(low), median=words.write(middle), high=words.write(high))
            for name, low, middle, high in zip(names, marks[1], marks[2], marks[3], strict=True)
        ],
        hovertemplate="%{hovertext}<extra></extra>",
        showlegend=False,
    )
    made.update_xaxes(**_value_axis(words, palette, [*marks[0], *marks[4]]))
    made.update_yaxes(**_named_axis(palette, [label(name, 40) for name in names], upright=False))
    return made

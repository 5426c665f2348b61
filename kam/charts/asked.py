"""The quick chart of a typed question: whatever columns it returns, as bars, a line or points. Knows no mart."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import plotly.graph_objects as go
import pyarrow as pa
import pyarrow.types as kinds

from kam.charts.common import FULL, axis, figure, floats, label
from kam.i18n import Translator
from kam.palette import Palette

NAME_LENGTH = 28


def is_measure(type_: pa.DataType) -> bool:
    """Whether a column can be a length."""
    return bool(kinds.is_integer(type_) or kinds.is_floating(type_) or kinds.is_decimal(type_))


def quick(table: pa.Table, kind: str, x: str, y: str, t: Translator, palette: Palette) -> go.Figure:
    """`y` over `x`, a column of the table each; kind: bar, line or scatter.

    Names of the data stand as labels, to the letter; rows of the same x stand on one another as bars.
    """
    across, up = (label(word, 60) for word in (x, y))
    made = figure(t, palette, title=t("sql.chart_title", y=up, x=across), height=380, width=FULL)
    made.add_trace(_trace(kind, _places(table, x, t), floats(table, y), palette))
    is_named = not is_measure(table.column(x).type)
    made.update_xaxes(**axis(palette, across, grid=not is_named, **({"type": "category"} if is_named else {})))
    made.update_yaxes(**axis(palette, up, rangemode="tozero" if kind == "bar" else "normal"))
    made.update_layout(barmode="stack")
    return made


def _places(table: pa.Table, name: str, t: Translator) -> list[Any]:
    if is_measure(table.column(name).type):
        return floats(table, name)
    return [_name(value, t) for value in table.column(name).to_pylist()]


def _name(value: object, t: Translator) -> str:
    if isinstance(value, datetime):
        return t.moment(value)
    return t.day(value) if isinstance(value, date) else label(value, NAME_LENGTH)


def _trace(kind: str, x: list[Any], y: list[float | None], palette: Palette) -> Any:
    if kind == "bar":
        return go.Bar(x=x, y=y, marker={"color": palette.accent})
    mode = "lines+markers" if kind == "line" else "markers"
    size = 5 if kind == "line" else 8
    return go.Scatter(x=x, y=y, mode=mode, line={"color": palette.accent}, marker={"color": palette.accent, "size": size, "opacity": 0.75})

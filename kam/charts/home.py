"""Charts of the overview: clients beside money, by class and by stage of the life cycle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go
import pyarrow as pa
from plotly.subplots import make_subplots

from kam.charts.common import axis, figure, label
from kam.i18n import Translator
from kam.palette import Palette

ORDERS: Mapping[str, Sequence[str]] = {
    "class": ("A+", "A", "B", "C", "D"),
    "status": ("loyal", "regular", "returned", "new", "drowsing", "asleep", "lost", "one_time", "prospect"),
}

FINDINGS: Mapping[str, tuple[str, str]] = {
    "class": ("top_client_count", "top_revenue_share"),
    "status": ("slipping_client_count", "slipping_revenue_share"),
}


def groups(table: pa.Table, figures: pa.Table, dimension: str, t: Translator, palette: Palette) -> go.Figure:
    """Two bars a code, clients on the left and revenue on the right, the codes in their order from top to bottom.

    table: marts.home_groups; figures: marts.home_figures, for the title; dimension: "class" or "status".
    """
    rows = {row["code"]: row for row in table.to_pylist() if row["dimension"] == dimension}
    codes = [code for code in ORDERS[dimension] if code in rows][::-1]
    words = [label(t.value(dimension, code)) for code in codes]
    colours = [palette.of(dimension, code) or palette.muted for code in codes]
    counts = [rows[code]["client_count"] for code in codes]
    money = [max(float(rows[code]["revenue"] or 0), 0.0) for code in codes]
    empty = figure(t, palette, title=_finding(figures, dimension, t), note=t("home.chart.note"), height=310)
    made = make_subplots(figure=empty, rows=1, cols=2, shared_yaxes=True, horizontal_spacing=0.06)
    shown = [t.number(count) for count in counts], [t.money_short(rows[code]["revenue"]) for code in codes]
    for place, (values, texts, name) in enumerate(zip((counts, money), shown, ("clients", "revenue"), strict=True), 1):
        made.add_trace(_bars(words, values, texts, colours, codes), row=1, col=place)
        title = t(f"home.chart.{name}")
        made.update_xaxes(**axis(palette, title, grid=False, showticklabels=False, range=_room(values)), col=place)
    made.update_yaxes(**axis(palette, grid=False))
    return made


def _finding(figures: pa.Table, dimension: str, t: Translator) -> str:
    count, share = FINDINGS[dimension]
    facts = figures.to_pylist()[0]
    return t(f"home.chart.{dimension}", count=facts[count], share=t.percent(facts[share]))


def _room(values: Sequence[float]) -> list[float]:
    """A range with room for the number beside the longest bar."""
    return [0, max([*values, 1]) * 1.32]


def _bars(
    words: Sequence[str], values: Sequence[float], shown: Sequence[str], colours: Sequence[str], codes: Sequence[str]
) -> go.Bar:
    return go.Bar(
        y=words,
        x=values,
        text=shown,
        orientation="h",
        marker={"color": colours},
        textposition="outside",
        cliponaxis=False,
        customdata=codes,
        hovertemplate="%{y}: %{text}<extra></extra>",
    )

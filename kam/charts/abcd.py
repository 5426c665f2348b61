"""The charts of the ABCD screen: classes in clients and money, the map of potential and share, moves between classes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go
import pyarrow as pa
import pyarrow.compute as pc

from kam.charts import common
from kam.i18n import Translator
from kam.palette import Palette

CLASSES = ("A+", "A", "B", "C", "D")
MOVES = common.Moves("class_before", "class", CLASSES)
MAP_POINTS = 2000  # more cannot be told apart; those with the most revenue are drawn
SVG_POINTS = 500  # above, WebGL draws
SMALLEST_BUBBLE, LARGEST_BUBBLE = 5.0, 46.0


def class_bars(classes: pa.Table, summary: Mapping[str, Any], t: Translator, palette: Palette) -> go.Figure:
    """marts.abcd_classes as two rows of bars; the title says what the best classes hold."""
    facts = {"clients": t.percent(summary["top_client_share"]), "revenue": t.percent(summary["top_revenue_share"])}
    title = t("abcd.chart_classes", **facts) if summary["top_client_count"] else t("abcd.chart_classes_none")
    return common.twin_bars(classes, "class", t, palette, title=title, note=t("abcd.chart_classes_note"), height=400)


def class_map(clients: pa.Table, summary: Mapping[str, Any], t: Translator, palette: Palette) -> go.Figure:
    """What the classes rest on: potential and share where they rest on potential, else the cumulated turnover."""
    return (share_map if summary["basis"] == "potential" else turnover_curve)(clients, summary, t, palette)


def share_map(clients: pa.Table, summary: Mapping[str, Any], t: Translator, palette: Palette) -> go.Figure:
    """A point per client of marts.abcd_clients: potential across, our share up, the bubble by revenue, both thresholds."""
    drawn = clients.filter(pc.and_(pc.fill_null(pc.greater(clients.column("potential"), 0), False), _is_known(clients, "share")))
    shown = _largest(drawn)
    facts = {"count": summary["b_client_count"], "gap": t.money_short(summary["gap_of_b"] or 0)}
    title = t("abcd.chart_map", **facts) if summary["b_client_count"] else t("abcd.chart_map_none")
    made = common.figure(
        t, palette, title=title, note=_left_out(clients.num_rows, drawn.num_rows, len(shown), t), height=450, width=common.FULL,
        legend_rows=1, head=18,
    )  # fmt: skip
    most = max((float(row["revenue"]) for row in shown), default=0.0) or 1.0
    for code in CLASSES:
        _add_class(made, code, [row for row in shown if row["class"] == code], t, palette, most)
    potentials = [row["potential"] for row in shown]
    made.update_xaxes(**common.log_money_axis(palette, t, potentials, t("abcd.axis_potential")))
    made.update_yaxes(**common.percent_axis(palette, t, t("abcd.axis_share"), range=[-0.06, 1.1]))
    _thresholds(made, summary, t, palette)
    return made


def _is_known(clients: pa.Table, column: str) -> pa.ChunkedArray:
    return pc.is_valid(clients.column(column))


def _largest(clients: pa.Table) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = clients.sort_by("revenue_rank").slice(0, MAP_POINTS).to_pylist()
    return rows


def _left_out(total: int, drawn: int, shown: int, t: Translator) -> str:
    parts = [t("abcd.chart_map_note")]
    if drawn < total:
        parts.append(t("abcd.chart_map_unknown", count=total - drawn))
    if shown < drawn:
        parts.append(t("abcd.chart_map_rest", count=shown, total=drawn))
    return " ".join(parts)


def _hover(row: Mapping[str, Any], t: Translator) -> str:
    facts = {"revenue": t.money(row["revenue"]), "potential": t.money(row["potential"]), "share": t.percent(row["share"])}
    return f"<b>{common.label(row['client_name'])}</b><br>" + t("abcd.hover", **facts)


def _diameter(revenue: float, most: float) -> float:
    """Pixels, so that the area of a bubble is its revenue; Plotly's own least size is not kept by WebGL."""
    return max(SMALLEST_BUBBLE, LARGEST_BUBBLE * math.sqrt(max(revenue, 0.0) / most))


def _add_class(made: go.Figure, code: str, rows: list[dict[str, Any]], t: Translator, palette: Palette, most: float) -> None:
    draw = go.Scattergl if len(rows) > SVG_POINTS else go.Scatter
    made.add_trace(
        draw(
            name=code,
            mode="markers",
            x=[float(row["potential"]) for row in rows],
            y=[row["share"] for row in rows],
            marker={
                "size": [_diameter(float(row["revenue"]), most) for row in rows],
                "color": palette.classes[code],
                "opacity": 0.72,
                "line": {"width": 0.6, "color": palette.background},
            },
            customdata=[[row["client_id"]] for row in rows],
            text=[_hover(row, t) for row in rows],
            hovertemplate="%{text}<extra></extra>",
        )
    )


def _thresholds(made: go.Figure, summary: Mapping[str, Any], t: Translator, palette: Palette) -> None:
    common.mark_line(made, palette, t("abcd.line_share", share=t.percent(summary["share_line"])), y=summary["share_line"])
    line = summary["potential_line"]
    if line:
        words = t("abcd.line_potential", potential=t.money_short(line), share=t.percent(summary["high_potential_share"]))
        common.mark_line(made, palette, words, x=float(line), is_log=True)
    for code, x, y in (("A", 1, 1), ("B", 1, 0), ("C", 0, 1), ("D", 0, 0)):
        made.add_annotation(
            text=t(f"abcd.corner.{code}"), xref="paper", yref="paper", x=x, y=y, showarrow=False,
            xanchor="right" if x else "left", yanchor="top" if y else "bottom", font={"color": palette.muted, "size": 12},
        )  # fmt: skip


def turnover_curve(clients: pa.Table, summary: Mapping[str, Any], t: Translator, palette: Palette) -> go.Figure:
    """Clients from the one with the most revenue on, at the share of revenue held by those before; the borders drawn."""
    shown = _largest(clients.filter(_is_known(clients, "revenue_before_share")))
    title = t("abcd.chart_turnover", count=summary["a_plus_count"], share=t.percent(summary["turnover_a_plus"]))
    made = common.figure(
        t, palette, title=title, note=t("abcd.chart_turnover_note"), height=450,
        width=common.FULL, legend_rows=1,
    )  # fmt: skip
    draw = go.Scattergl if len(shown) > SVG_POINTS else go.Scatter
    for code in CLASSES:
        of_class = [row for row in shown if row["class"] == code]
        made.add_trace(
            draw(
                name=code,
                mode="markers",
                x=[row["revenue_rank"] for row in of_class],
                y=[row["revenue_before_share"] for row in of_class],
                marker={"size": 8, "color": palette.classes[code]},
                customdata=[[row["client_id"]] for row in of_class],
                text=[_hover(row, t) for row in of_class],
                hovertemplate="%{text}<extra></extra>",
            )
        )
    for code, norm in (("A+", "turnover_a_plus"), ("A", "turnover_a"), ("B", "turnover_b")):
        common.mark_line(
            made, palette, t("abcd.line_turnover", name=code, share=t.percent(summary[norm])), y=summary[norm], side="left"
        )
    made.update_xaxes(**common.axis(palette, t("abcd.axis_rank"), grid=False))
    made.update_yaxes(**common.percent_axis(palette, t, t("abcd.axis_before"), range=[-0.04, 1.06]))
    return made


def migration(table: pa.Table, measure: str, before: str, t: Translator, palette: Palette) -> go.Figure:
    """marts.class_migration as a matrix of client_count or revenue; `before` is the earlier date in words."""
    found = {row["direction"]: row["direction_count"] for row in table.to_pylist()}
    title = t("abcd.chart_moves", before=before, up=found.get("up", 0), down=found.get("down", 0))
    note = t("charts.moves_note")
    return common.matrix(table, MOVES, measure, t, palette, title=title, note=note, width=common.HALF)

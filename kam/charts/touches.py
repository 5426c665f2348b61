"""Charts of the touches screen: who is served, what the norm consists of, what the log consists of, which reason works."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
import pyarrow as pa

from kam.charts.common import FULL, axis, figure, label, nothing, percent_axis
from kam.i18n import Translator
from kam.palette import Palette

ROW_HEIGHT = 30
PARTS = (("counted", 1.0), ("missing", 0.28), ("extra", 0.45))
SHAPES = {"extra": "/"}

Row = Mapping[str, Any]


def served(table: pa.Table, dimension: str, t: Translator, palette: Palette) -> go.Figure:
    """The share of clients at 80 % of the norm or more by manager or class; a diamond is the share by revenue.

    table: marts.touch_groups; dimension: "manager" or "class". Points carry (dimension, group_name).
    """
    rows = [row for row in table.to_pylist() if row["dimension"] == dimension and row["log"] != "none"]
    title = t(f"touches.chart.{dimension}")
    if not rows:
        return nothing(t, palette, title, t("touches.chart.nobody"))
    names = [_group(row, t) for row in rows]
    height = 118 + ROW_HEIGHT * len(rows)
    title = _served_finding(rows, dimension, t) or title
    made = figure(t, palette, title=title, note=t("touches.chart.served_note"), height=height, legend=True)
    made.add_trace(_bars(rows, names, t, palette))
    made.add_trace(_weighted(rows, names, t, palette))
    made.add_trace(_beside(rows, names, t))
    made.update_xaxes(**percent_axis(palette, t, range=[0, 1.42]))
    made.update_yaxes(**axis(palette, grid=False, autorange="reversed"))
    made.update_layout(legend={"y": -0.14 if len(rows) > 5 else -0.2})
    return made


def _served_finding(rows: Sequence[Row], dimension: str, t: Translator) -> str | None:
    """Which group is served least; None where no two groups can be compared."""
    measured = [row for row in rows if row["served_share"] is not None and row["group_name"]]
    lowest = min(measured, key=lambda row: row["served_share"], default=None)
    if lowest is None or len({row["served_share"] for row in measured}) < 2:
        return None
    return t(f"touches.chart.{dimension}_found", name=_group(lowest, t), share=t.percent(lowest["served_share"]))


def _group(row: Row, t: Translator) -> str:
    return label(row["group_name"] or t("touches.no_manager"), 24)


def _said(row: Row, t: Translator) -> str:
    if row["log"] == "nothing_logged":
        return t("touches.chart.nothing_logged")
    share = t.percent(row["served_share"])
    return t("touches.chart.of", share=share, served=row["served_count"], measured=row["measured_count"])


def _bars(rows: Sequence[Row], names: Sequence[str], t: Translator, palette: Palette) -> go.Bar:
    return go.Bar(
        y=names,
        x=[row["served_share"] or 0 for row in rows],
        name=t("touches.chart.by_clients"),
        orientation="h",
        marker={"color": palette.accent},
        text=[_said(row, t) for row in rows],
        textposition="none",
        customdata=[[row["dimension"], row["group_name"]] for row in rows],
        hovertemplate="%{y}: %{text}<extra></extra>",
    )


def _weighted(rows: Sequence[Row], names: Sequence[str], t: Translator, palette: Palette) -> go.Scatter:
    known = [(row, name) for row, name in zip(rows, names, strict=True) if row["served_revenue_share"] is not None]
    return go.Scatter(
        y=[name for _, name in known],
        x=[row["served_revenue_share"] for row, _ in known],
        name=t("touches.chart.by_revenue"),
        mode="markers",
        marker={
            "symbol": "diamond",
            "size": 10,
            "color": palette.background,
            "line": {"color": palette.text, "width": 1.6},
        },
        text=[t.percent(row["served_revenue_share"]) for row, _ in known],
        customdata=[[row["dimension"], row["group_name"]] for row, _ in known],
        hovertemplate="%{y}: %{text}<extra></extra>",
    )


def _beside(rows: Sequence[Row], names: Sequence[str], t: Translator) -> go.Scatter:
    """The figures in a column of their own, where no diamond covers them."""
    return go.Scatter(
        y=names,
        x=[1.04 if row["log"] == "logged" else 0.01 for row in rows],
        mode="text",
        text=[_said(row, t) for row in rows],
        textposition="middle right",
        hoverinfo="skip",
        showlegend=False,
    )


def norm(table: pa.Table, t: Translator, palette: Palette) -> go.Figure:
    """The norm of the portfolio by kind: counted and missing make the norm, extra went beyond it and does not count.

    table: marts.touch_norm. Points carry the kind.
    """
    rows = table.to_pylist()
    if not rows:
        return nothing(t, palette, t("touches.chart.norm"), t("touches.chart.nobody"))
    names = [label(t.value("kind", row["kind"])) for row in rows]
    made = figure(t, palette, title=_norm_finding(rows, t), note=t("touches.chart.norm_note"), height=250, legend=True)
    for part, opacity in PARTS:
        made.add_trace(_part(rows, names, part, opacity, t, palette))
        made.add_trace(_key(part, opacity, t, palette))
    made.update_layout(barmode="stack", legend={"y": -0.14, "traceorder": "normal"})
    made.update_xaxes(**axis(palette))
    made.update_yaxes(**axis(palette, grid=False, autorange="reversed"))
    return made


def _norm_finding(rows: Sequence[Row], t: Translator) -> str:
    most = max(rows, key=lambda row: row["missing"])
    if not most["owed"]:
        return t("touches.chart.norm_full")
    return t("touches.chart.norm_found", kind=t.value("kind", most["kind"]), count=most["owed"])


def _part(rows: Sequence[Row], names: Sequence[str], part: str, opacity: float, t: Translator, palette: Palette) -> go.Bar:
    return go.Bar(
        y=names,
        x=[row[part] for row in rows],
        showlegend=False,
        orientation="h",
        marker={
            "color": [palette.kinds[row["kind"]] for row in rows],
            "opacity": opacity,
            "pattern": {"shape": SHAPES.get(part, ""), "size": 6},
        },
        text=[t.number(row[part], 0) if row[part] >= 1 else "" for row in rows],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        textfont={"color": "#ffffff" if part == "counted" else palette.text},
        customdata=[row["kind"] for row in rows],
        hovertemplate=f"%{{y}}, {t(f'touches.chart.{part}')}: %{{text}}<extra></extra>",
    )


def _key(part: str, opacity: float, t: Translator, palette: Palette) -> go.Bar:
    """The legend's entry of a part, in a colour that is no kind's."""
    pattern = {"shape": SHAPES.get(part, ""), "size": 6}
    marker = {"color": palette.muted, "pattern": pattern}
    name = t(f"touches.chart.{part}")
    return go.Bar(y=[None], x=[None], orientation="h", name=name, marker=marker, opacity=opacity)


def log(table: pa.Table, t: Translator, palette: Palette) -> go.Figure:
    """What was written down: activities by kind, contacts of the norm first. table: marts.touch_kind_counts."""
    rows = table.to_pylist()
    title = t("touches.chart.log")
    if not rows:
        return nothing(t, palette, title, t("touches.chart.no_log"))
    note = t("touches.chart.log_note", day=rows[0]["since_on"])
    unknown = next((row["touch_count"] for row in rows if row["kind"] == "unrecognised"), 0)
    title = t("touches.chart.log_found", count=unknown) if unknown else title
    made = figure(t, palette, title=title, note=note, height=90 + ROW_HEIGHT * len(rows))
    shares = [t("touches.chart.personal", count=row["personal_count"]) for row in rows]
    made.add_trace(
        go.Bar(
            y=[label(t.value("kind", row["kind"])) for row in rows],
            x=[row["touch_count"] for row in rows],
            orientation="h",
            marker={"color": [palette.kinds[row["kind"]] for row in rows]},
            text=[t.number(row["touch_count"]) for row in rows],
            textposition="outside",
            cliponaxis=False,
            customdata=[[row["kind"], share] for row, share in zip(rows, shares, strict=True)],
            hovertemplate="%{y}: %{text}, %{customdata[1]}<extra></extra>",
        )
    )
    top = max(row["touch_count"] for row in rows)
    made.update_xaxes(**axis(palette, grid=False, showticklabels=False, range=[0, top * 1.15]))
    made.update_yaxes(**axis(palette, grid=False, autorange="reversed"))
    return made


def reasons(table: pa.Table, t: Translator, palette: Palette) -> go.Figure:
    """How often an order came within a cycle after a touch with the reason, with the 95 % interval.

    table: marts.touch_reasons; reasons with too few touches are left to the table. Points carry the reason.
    """
    rows = [row for row in table.to_pylist() if row["is_enough"]]
    title = t("touches.chart.reasons")
    if not rows:
        return nothing(t, palette, title, t("touches.chart.too_few"), width=FULL)
    note = t("touches.chart.reasons_note")
    best = max(rows, key=lambda row: row["low_rate"])
    stands_out = all(best["low_rate"] > row["effect_rate"] for row in rows if row is not best) and len(rows) > 1
    found = {"reason": t.value("reason", best["reason"]), "share": t.percent(best["effect_rate"])}
    title = t("touches.chart.reasons_found", **found) if stands_out else t("touches.chart.reasons_alike")
    made = figure(t, palette, title=title, note=note, height=112 + 22 * len(rows), width=FULL)
    made.add_trace(interval([label(t.value("reason", row["reason"]), 46) for row in rows], rows, "reason", t, palette))
    made.update_xaxes(**percent_axis(palette, t, range=[0, 1.02]))
    made.update_yaxes(**axis(palette, autorange="reversed"))
    return made


def interval(names: Sequence[str], rows: Sequence[Row], code: str, t: Translator, palette: Palette) -> go.Scatter:
    """Points with the reach from low_rate to high_rate; `code` names the column that a point carries."""
    value = "effect_rate" if "effect_rate" in rows[0] else "keep_rate"
    said = [f"{t.percent(row[value])} ({t.percent(row['low_rate'])} … {t.percent(row['high_rate'])})" for row in rows]
    return go.Scatter(
        y=names,
        x=[row[value] for row in rows],
        mode="markers",
        marker={"size": 9, "color": palette.accent},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [row["high_rate"] - row[value] for row in rows],
            "arrayminus": [row[value] - row["low_rate"] for row in rows],
            "color": palette.muted,
            "thickness": 1.6,
            "width": 4,
        },
        text=said,
        customdata=[row[code] for row in rows],
        hovertemplate="%{y}: %{text}<extra></extra>",
    )

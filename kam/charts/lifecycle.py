"""The charts of the life cycle screen: statuses, the funnel, silence against the cycle, revenue by month, moves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go
import pyarrow as pa
import pyarrow.compute as pc

from kam.charts import common
from kam.i18n import Translator
from kam.palette import Palette

STATUSES = ("loyal", "regular", "new", "returned", "drowsing", "asleep", "lost", "one_time", "prospect")
MOVES = common.Moves("status_before", "status", STATUSES)
POINTS = 2000
SVG_POINTS = 500


def status_bars(statuses: pa.Table, summary: Mapping[str, Any], t: Translator, palette: Palette) -> go.Figure:
    """marts.lifecycle_statuses as two rows of bars; the title says what the loyal bring."""
    facts = {"count": summary["buying_count"], "loyal": t.percent(summary["loyal_revenue_share"])}
    title = t("lifecycle.chart_statuses", share=t.percent(summary["buying_share"]), **facts)
    return common.twin_bars(statuses, "status", t, palette, title=title, note=t("lifecycle.chart_note"), height=430)


def funnel(stages: pa.Table, t: Translator, palette: Palette) -> go.Figure:
    """marts.lifecycle_funnel: five stages as centred bars, win-back apart below a gap. customdata[0] is the stage."""
    rows = stages.to_pylist()
    most = max((row["client_count"] for row in rows), default=0) or 1
    title = t("lifecycle.chart_funnel", **{row["clm_stage"]: row["client_count"] for row in rows})
    made = common.figure(t, palette, title=title, note=t("lifecycle.chart_funnel_note"), height=430)
    places = [place if row["clm_stage"] != "win_back" else place + 0.6 for place, row in enumerate(rows)]
    texts = [f"{t.number(row['client_count'], 0)} · {t.money_short(row['revenue'])}" for row in rows]
    made.add_bar(
        x=[row["client_count"] for row in rows],
        base=[-row["client_count"] / 2 for row in rows],
        y=places,
        orientation="h",
        width=0.72,
        marker={"color": [palette.statuses["asleep"] if row["clm_stage"] == "win_back" else palette.accent for row in rows]},
        customdata=[[row["clm_stage"]] for row in rows],
        hovertext=[f"{t.value('clm_stage', row['clm_stage'])}: {text}" for row, text in zip(rows, texts, strict=True)],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    for place, text in zip(places, texts, strict=True):
        made.add_annotation(x=most * 0.56, y=place, text=text, showarrow=False, xanchor="left", font={"color": palette.text})
    made.update_xaxes(visible=False, range=[-most * 0.55, most * 1.05], fixedrange=True)
    words = [t.value("clm_stage", row["clm_stage"]) for row in rows]
    tick = {"color": palette.text, "size": 13}
    made.update_yaxes(**common.axis(palette, grid=False, autorange="reversed", tickvals=places, ticktext=words, tickfont=tick))
    return made


def silence(clients: pa.Table, summary: Mapping[str, Any], t: Translator, palette: Palette) -> go.Figure:
    """A point per client that has ordered: its cycle across, days without an order up, the two borders as lines."""
    drawn = clients.filter(pc.is_valid(clients.column("days_since_order")))
    shown = drawn.sort_by([("revenue", "descending")]).slice(0, POINTS).to_pylist()
    facts = {"count": summary["drowsing_count"], "money": t.money_short(summary["revenue_at_risk"])}
    notes = [t("lifecycle.chart_silence_note", risk=summary["risk_transactional"], sleep=summary["sleep_transactional"])]
    if len(shown) < drawn.num_rows:
        notes.append(t("abcd.chart_map_rest", count=len(shown), total=drawn.num_rows))
    made = common.figure(t, palette, title=t("lifecycle.chart_silence", **facts), note=" ".join(notes), height=460, legend_rows=3)
    for status in STATUSES:
        _add_status(made, status, [row for row in shown if row["status"] == status], t, palette)
    cycles = [row["cycle_days"] for row in shown] or [1.0]
    for ratio, status in ((summary["risk_transactional"], "drowsing"), (summary["sleep_transactional"], "asleep")):
        ends = [min(cycles), max(cycles)]
        made.add_scatter(
            x=ends, y=[ratio * end for end in ends], mode="lines", showlegend=False, hoverinfo="skip",
            line={"color": palette.statuses[status], "width": 1.4, "dash": "dash"},
        )  # fmt: skip
    made.update_xaxes(**_days_axis(palette, t("lifecycle.axis_cycle")))
    made.update_yaxes(**_days_axis(palette, t("lifecycle.axis_silence")))
    return made


def _days_axis(palette: Palette, title: str) -> dict[str, Any]:
    marks = [1, 3, 7, 14, 30, 60, 90, 180, 365, 730, 1500]
    return common.axis(palette, title, type="log", tickvals=marks, ticktext=[str(mark) for mark in marks])


def _add_status(made: go.Figure, status: str, rows: list[dict[str, Any]], t: Translator, palette: Palette) -> None:
    if not rows:
        return
    draw = go.Scattergl if len(rows) > SVG_POINTS else go.Scatter
    texts = [
        f"<b>{common.label(row['client_name'])}</b><br>"
        + t("lifecycle.hover", days=t.days(row["days_since_order"]), cycle=row["cycle_days"], revenue=t.money(row["revenue"]))
        for row in rows
    ]
    made.add_trace(
        draw(
            name=t.value("status", status),
            mode="markers",
            x=[row["cycle_days"] for row in rows],
            # A logarithmic axis has no zero: an order of today stands at half a day.
            y=[max(row["days_since_order"], 0.5) for row in rows],
            marker={"size": 7, "color": palette.statuses[status], "opacity": 0.8},
            customdata=[[row["client_id"]] for row in rows],
            text=texts,
            hovertemplate="%{text}<extra></extra>",
        )
    )


def revenue_months(months: pa.Table, t: Translator, palette: Palette) -> go.Figure:
    """marts.revenue_by_status stacked by status, a bar a month. customdata: the status and the month's end."""
    rows = months.to_pylist()
    ends = sorted({row["month_ends_on"] for row in rows})
    names = {end: f"{t(f'charts.month.m{end.month}')} {end.year}" for end in ends}
    words = {end: name.replace(" ", "<br>") for end, name in names.items()}
    loyal = {row["month_ends_on"]: row["loyal_share"] for row in rows}
    title = t("lifecycle.chart_months_none")
    if ends:
        first, last = ends[0], ends[-1]
        shares = {"share_before": t.percent(loyal[first]), "share": t.percent(loyal[last])}
        title = t("lifecycle.chart_months", before=names[first], now=names[last], **shares)
    made = common.figure(
        t, palette, title=title, note=t("lifecycle.chart_months_note", day=t.day(ends[-1] if ends else None)),
        height=460, legend_rows=3,
    )  # fmt: skip
    for status in STATUSES:
        _add_months(made, status, [row for row in rows if row["status"] == status and row["revenue"]], words, t, palette)
    top = max((float(row["month_revenue"]) for row in rows), default=0.0)
    made.update_layout(barmode="relative")
    made.update_xaxes(**common.axis(palette, grid=False, categoryorder="array", categoryarray=[words[end] for end in ends]))
    made.update_yaxes(**common.money_axis(palette, t, top, t("lifecycle.axis_revenue")))
    return made


def _add_months(
    made: go.Figure, status: str, rows: list[dict[str, Any]], words: Mapping[Any, str], t: Translator, palette: Palette
) -> None:
    if not rows:
        return
    made.add_bar(
        name=t.value("status", status),
        x=[words[row["month_ends_on"]] for row in rows],
        y=[float(row["revenue"]) for row in rows],
        marker={"color": palette.statuses[status]},
        customdata=[[status, row["month_ends_on"].isoformat()] for row in rows],
        text=[t("charts.move_hover", count=row["client_count"], revenue=t.money_short(row["revenue"])) for row in rows],
        textposition="none",
        hovertemplate=f"{t.value('status', status)}, %{{x}}<br>%{{text}}<extra></extra>",
    )


def migration(table: pa.Table, measure: str, before: str, t: Translator, palette: Palette) -> go.Figure:
    """marts.status_migration as a matrix of client_count or revenue; `before` is the earlier date in words."""
    found = {row["direction"]: row["direction_count"] for row in table.to_pylist()}
    title = t("lifecycle.chart_moves", before=before, up=found.get("up", 0), down=found.get("down", 0))
    note = t("charts.moves_note")
    return common.matrix(table, MOVES, measure, t, palette, title=title, note=note, width=common.FULL)

"""Charts of the client card: everything that happened on one axis of time, and revenue by month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import plotly.graph_objects as go
import pyarrow as pa

from kam.charts.common import FULL, axis, figure, label, money_axis, nothing
from kam.i18n import Translator
from kam.palette import Palette

# Lanes from top to bottom: their place on the height of the plot.
ORDERS, TOUCHES, PROMISES = (0.56, 1.0), (0.2, 0.5), (0.0, 0.13)
LANES = ("mandatory", "standard", "need", "rest")
LANE_OF = {"mandatory": "mandatory", "standard": "standard", "need": "need", "standard+need": "standard"}
PERSONAL, IMPERSONAL = "circle", "circle-open"
HEIGHT = 430
DAY = 86_400_000  # in the milliseconds of Plotly's axis of dates

Row = Mapping[str, Any]


def timeline(table: pa.Table, card: Row, as_of: date, since: date | None, t: Translator, palette: Palette) -> go.Figure:
    """Orders as bars, touches in lanes by kind, promises by their due, all on one axis of time.

    table: marts.client_events; card: the row of marts.client_card. The pre-order window is a band that ends at the
    expected order. since: the first day shown (None: all). Points carry (lane, day as ISO text).
    """
    rows = [row for row in table.to_pylist() if since is None or row["day_on"] >= since]
    title = t("client.chart.timeline")
    if not rows and not card["expected_order_on"]:
        return nothing(t, palette, title, t("client.chart.nothing"), width=FULL)
    if card["expected_order_on"]:
        title = t("client.chart.timeline_found", expected=card["expected_order_on"], opens=card["window_opens_on"])
    made = figure(t, palette, title=title, note=t("client.chart.timeline_note"), height=HEIGHT, width=FULL, legend=True)
    lanes = {lane: [row for row in rows if row["lane"] == lane] for lane in ("order", "touch", "promise")}
    _touches(made, lanes["touch"], t, palette)
    _promises(made, lanes["promise"], t, palette)
    first = since or min((row["day_on"] for row in rows), default=as_of)
    span = (first, _last(rows, card, as_of))
    _orders(made, lanes["order"], span, t, palette)
    _axes(made, lanes, span, t, palette)
    _marks(made, card, as_of, t, palette)
    return made


def _last(rows: Sequence[Row], card: Row, as_of: date) -> date:
    days: list[date] = [row["day_on"] for row in rows] + [as_of] + [card["expected_order_on"] or as_of]
    return max(days) + timedelta(days=12)


def _orders(made: go.Figure, rows: Sequence[Row], span: tuple[date, date], t: Translator, palette: Palette) -> None:
    """A bar a day of orders, as thin at ten orders as at a thousand."""
    made.add_trace(
        go.Bar(
            x=[row["day_on"] for row in rows],
            y=[float(row["amount"]) for row in rows],
            name=t("client.chart.orders"),
            showlegend=False,
            width=max((span[1] - span[0]).days / 220, 0.8) * DAY,
            marker={
                "color": [palette.accent if row["code"] == "order" else palette.verdicts["bad"] for row in rows],
            },
            text=[_order(row, t) for row in rows],
            textposition="none",
            customdata=[["order", row["day_on"].isoformat()] for row in rows],
            hovertemplate="%{text}<extra></extra>",
        )
    )


def _order(row: Row, t: Translator) -> str:
    gap = t("client.chart.gap", days=t.days(row["gap_days"])) if row["gap_days"] else ""
    return f"{t.day(row['day_on'])}: {t.money(row['amount'])}{gap}"


def _touches(made: go.Figure, rows: Sequence[Row], t: Translator, palette: Palette) -> None:
    for kind, colour in palette.kinds.items():
        some = [row for row in rows if row["code"] == kind]
        if some:
            made.add_trace(_dots(some, kind, colour, t))


def _dots(rows: Sequence[Row], kind: str, colour: str, t: Translator) -> go.Scatter:
    return go.Scatter(
        x=[row["day_on"] for row in rows],
        y=[t(f"client.lanes.{LANE_OF.get(kind, 'rest')}")] * len(rows),
        yaxis="y2",
        mode="markers",
        name=t.value("kind", kind),
        marker={
            "color": colour,
            "size": 9,
            "symbol": [PERSONAL if row["is_personal"] else IMPERSONAL for row in rows],
            "line": {"width": 1.5, "color": colour},
        },
        text=[_touch(row, t) for row in rows],
        customdata=[["touch", row["day_on"].isoformat()] for row in rows],
        hovertemplate="%{text}<extra></extra>",
    )


def _touch(row: Row, t: Translator) -> str:
    parts = [t.day(row["day_on"]), t.value("kind", row["code"]), row["subject"], row["person"]]
    return "<br>".join(label(part, 60) for part in parts if part)


def _promises(made: go.Figure, rows: Sequence[Row], t: Translator, palette: Palette) -> None:
    for row in rows:
        if row["from_on"] and row["from_on"] < row["day_on"]:
            _spell(made, row, t, palette)
    made.add_trace(
        go.Scatter(
            x=[row["day_on"] for row in rows],
            y=[t("client.lanes.promise")] * len(rows),
            yaxis="y3",
            mode="markers",
            showlegend=False,
            marker={
                "symbol": "square",
                "size": 10,
                "color": [palette.verdict_of(row["code"]) for row in rows],
            },
            text=[_promise(row, t) for row in rows],
            customdata=[["promise", row["day_on"].isoformat()] for row in rows],
            hovertemplate="%{text}<extra></extra>",
        )
    )


def _spell(made: go.Figure, row: Row, t: Translator, palette: Palette) -> None:
    made.add_trace(
        go.Scatter(
            x=[row["from_on"], row["day_on"]],
            y=[t("client.lanes.promise")] * 2,
            yaxis="y3",
            mode="lines",
            showlegend=False,
            hoverinfo="skip",
            line={"color": palette.verdict_of(row["code"]), "width": 1.5},
        )
    )


def _promise(row: Row, t: Translator) -> str:
    parts = [t.day(row["day_on"]), t.value("state", row["code"]), row["subject"], row["person"]]
    return "<br>".join(label(part, 60) for part in parts if part)


def _axes(made: go.Figure, lanes: Mapping[str, Sequence[Row]], span: tuple[date, date], t: Translator, palette: Palette) -> None:
    top = max((float(row["amount"]) for row in lanes["order"]), default=0.0)
    low = min((float(row["amount"]) for row in lanes["order"]), default=0.0)
    made.update_xaxes(**axis(palette, range=list(span), anchor="y3"), **_dates(t, span))
    made.update_layout(
        yaxis={**money_axis(palette, t, top), "domain": ORDERS, "range": [min(low, 0) * 1.1, top * 1.12 or 1]},
        yaxis2={
            **axis(palette, type="category"),
            "domain": TOUCHES,
            "categoryorder": "array",
            "categoryarray": [t(f"client.lanes.{lane}") for lane in LANES[::-1]],
            "range": [-0.6, len(LANES) - 0.4],
        },
        yaxis3={**axis(palette, type="category"), "domain": PROMISES, "range": [-0.6, 0.6]},
        legend={"y": -0.1},
    )


def _dates(t: Translator, span: tuple[date, date]) -> dict[str, Any]:
    """Marks at the first of months, as many as read well, written as the language writes months."""
    first, last = span
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    step = max(1, -(-months // 13))
    starts = [_month(first, number) for number in range(1, months, step)]
    return {"tickvals": starts, "ticktext": [_month_name(day, t) for day in starts]}


def _month(first: date, number: int) -> date:
    years, month = divmod(first.month - 1 + number, 12)
    return date(first.year + years, month + 1, 1)


def _month_name(day: date, t: Translator) -> str:
    return f"{day.month:02d}.{day.year % 100:02d}" if t.language == "ru" else f"{day:%b} ’{day.year % 100:02d}"


def _marks(made: go.Figure, card: Row, as_of: date, t: Translator, palette: Palette) -> None:
    line = {"yref": "paper", "y0": 0, "y1": 1, "line": {"color": palette.muted, "width": 1.2, "dash": "dot"}}
    made.add_shape(type="line", x0=as_of, x1=as_of, **line)
    _word(made, as_of, t("client.chart.as_of"), "right", palette)
    if not card["expected_order_on"]:
        return
    window = {"yref": "paper", "y0": 0, "y1": 1, "fillcolor": palette.accent, "opacity": 0.13, "line": {"width": 0}}
    made.add_shape(type="rect", x0=card["window_opens_on"], x1=card["expected_order_on"], layer="below", **window)
    solid = {**line, "line": {"color": palette.accent, "width": 1.6}}
    made.add_shape(type="line", x0=card["expected_order_on"], x1=card["expected_order_on"], **solid)
    _word(made, card["expected_order_on"], t("client.chart.expected"), "right", palette, 0.93)


def _word(made: go.Figure, day: date, text: str, side: str, palette: Palette, y: float = 1.0) -> None:
    made.add_annotation(
        x=day, y=y, yref="paper", text=text, showarrow=False, xanchor=side, yanchor="top",
        font={"size": 11, "color": palette.muted}, bgcolor=palette.background, opacity=0.85,
    )  # fmt: skip


def months(table: pa.Table, t: Translator, palette: Palette) -> go.Figure:
    """Revenue by month beside the same month a year before. table: marts.client_months. Points carry the days first|last."""
    rows = table.to_pylist()
    title = t("client.chart.months")
    top = max((max(float(row["revenue"]), float(row["revenue_year_before"] or 0)) for row in rows), default=0.0)
    if not top:
        return nothing(t, palette, title, t("client.chart.no_revenue"), width=FULL)
    made = figure(t, palette, title=title, note=t("client.chart.months_note"), height=280, width=FULL, legend=True)
    names = [_month_name(row["month_on"], t) for row in rows]
    for column, colour in (("revenue_year_before", palette.grid), ("revenue", palette.accent)):
        made.add_trace(
            go.Bar(
                x=names,
                y=[None if row[column] is None else float(row[column]) for row in rows],
                name=t(f"client.chart.{column}"),
                marker={"color": colour},
                text=[t.money(row[column]) for row in rows],
                textposition="none",
                customdata=[f"{row['month_on']}|{row['month_ends_on']}" for row in rows],
                hovertemplate="%{x}: %{text}<extra></extra>",
            )
        )
    made.update_xaxes(**axis(palette, grid=False, type="category", tickangle=0, nticks=13))
    made.update_yaxes(**money_axis(palette, t, top))
    return made

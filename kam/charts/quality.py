"""Charts of the data quality screen: full and empty columns, clean rows and age of tables, entry delay, rejects."""

from __future__ import annotations

from collections import Counter
from typing import Any

import plotly.graph_objects as go
import pyarrow as pa

from kam.charts.common import axis, figure, label, nothing
from kam.i18n import Translator
from kam.palette import Palette

STANDINGS = ("full", "partly", "empty")


def coverage(table: pa.Table, t: Translator, palette: Palette) -> go.Figure:
    """Optional columns by table: full, partly filled, empty. Points carry (table, standing).

    table: the optional columns with table_name and standing.
    """
    counts = Counter(zip(table.column("table_name").to_pylist(), table.column("standing").to_pylist(), strict=True))
    names = list(dict.fromkeys(table.column("table_name").to_pylist()))
    empty = sum(count for (_, standing), count in counts.items() if standing == "empty")
    title = t("quality.chart.coverage_found", empty=empty, count=table.num_rows)
    if not names:
        return nothing(t, palette, title, t("quality.chart.coverage_none"))
    made = figure(
        t, palette, title=title, note=t("quality.chart.coverage_note"), height=150 + 34 * len(names), legend_rows=1
    )
    colours = {"full": palette.accent, "partly": _faded(palette.accent, 0.45), "empty": _faded(palette.muted, 0.3)}
    for standing in STANDINGS:
        values = [counts[name, standing] for name in names]
        made.add_bar(
            x=values,
            y=[t.value("table_name", name) for name in names],
            orientation="h",
            name=t(f"quality.chart.{standing}"),
            marker={"color": colours[standing]},
            text=[t.number(value) if value else "" for value in values],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            textfont={"color": palette.background if standing == "full" else palette.text},
            customdata=[[name, standing] for name in names],
            hovertemplate=f"%{{y}}, {t(f'quality.chart.{standing}')}: %{{x}}<extra></extra>",
        )
    made.update_layout(barmode="stack")
    made.update_xaxes(**axis(palette, grid=False, showticklabels=False))
    made.update_yaxes(**axis(palette, grid=False, autorange="reversed"))
    return made


def _faded(colour: str, depth: float) -> str:
    """#rrggbb with so much opacity. A list of opacities in a marker would leave its bars deaf to clicks."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{depth})"


def tables(table: pa.Table, t: Translator, palette: Palette) -> go.Figure:
    """Rows with findings on the left, the age of the newest export on the right, a bar a table. Points carry the table.

    table: marts.quality_tables.
    """
    rows = table.to_pylist()
    made = figure(
        t, palette, title=_tables_finding(rows, t), note=t("quality.chart.tables_note"), height=150 + 34 * len(rows), head=24
    )
    names = [t.value("table_name", row["table_name"]) for row in rows]
    codes = [[row["table_name"]] for row in rows]
    shares = [1 - row["clean_share"] for row in rows]
    said = [_findings_said(row, t) for row in rows]
    ages = [row["age_days"] for row in rows]
    aged = [palette.verdicts["bad" if row["is_old"] else "unknown"] for row in rows]
    days = [f"{t.number(row['age_days'])} · {t.day(row['captured_on'])}" for row in rows]
    for axis_name, values, texts, colour in (("x", shares, said, palette.verdicts["near"]), ("x2", ages, days, aged)):
        made.add_bar(
            x=values, y=names, xaxis=axis_name, orientation="h", text=texts, textposition="outside", cliponaxis=False,
            marker={"color": colour}, textfont={"color": palette.text}, customdata=codes,
            hovertemplate="%{y}: %{text}<extra></extra>",
        )  # fmt: skip
    heads = ("quality.chart.findings", "quality.chart.age")
    reaches = ((max(shares, default=0) or 1) * 2.6, (max(ages, default=0) or 1) * 2.6)
    for number, (name, domain, most) in enumerate((("xaxis", (0, 0.56), reaches[0]), ("xaxis2", (0.62, 1), reaches[1]))):
        quiet: dict[str, Any] = {"showticklabels": False, "side": "top", "showline": False}
        made.update_layout({name: axis(palette, t(heads[number]), grid=False, domain=domain, range=[0, most], **quiet)})
    made.update_yaxes(**axis(palette, grid=False, autorange="reversed"))
    return made


def _findings_said(row: dict[str, Any], t: Translator) -> str:
    facts = {"count": row["flagged_count"], "total": row["row_count"], "share": t.percent(row["clean_share"], 1)}
    return t("quality.chart.findings_said", **facts)


def _tables_finding(rows: list[dict[str, Any]], t: Translator) -> str:
    worst = rows[0] if rows else None
    if worst is None or not worst["flagged_count"]:
        return t("quality.chart.tables_clean")
    return t("quality.chart.tables_found", table=t.value("table_name", worst["table_name"]), share=t.percent(worst["clean_share"], 1))


def delay(table: pa.Table, t: Translator, palette: Palette) -> go.Figure:
    """Median days from a touch to its entry by manager, with the reach to the 90th percentile. Points carry the manager.

    table: marts.entry_delay.
    """
    rows = [row for row in table.to_pylist() if not row["is_all"]]
    if not rows:
        return nothing(t, palette, t("quality.chart.delay_title"), t("quality.chart.delay_none"))
    slowest = rows[0]
    days = t.days(slowest["median_delay_days"])
    found = t("quality.chart.delay_found", name=label(slowest["manager"] or t("quality.nobody"), 24), days=days)
    title = found if slowest["median_delay_days"] > 0 else t("quality.chart.delay_alike")
    made = figure(t, palette, title=title, note=t("quality.chart.delay_note"), height=140 + 30 * len(rows))
    made.add_scatter(
        y=[f"{label(row['manager'] or t('quality.nobody'), 24)} ({t.number(row['touch_count'])})" for row in rows],
        x=[row["median_delay_days"] for row in rows],
        mode="markers",
        marker={"size": 9, "color": palette.accent},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [row["long_delay_days"] - row["median_delay_days"] for row in rows],
            "arrayminus": [0 for _ in rows],
            "color": palette.muted,
            "thickness": 1.6,
            "width": 4,
        },
        text=[_delay_said(row, t) for row in rows],
        customdata=[row["manager"] for row in rows],
        cliponaxis=False,  # a median of no days stands whole on the axis
        hovertemplate="%{y}: %{text}<extra></extra>",
    )
    made.update_xaxes(**axis(palette, t("quality.chart.delay_axis"), rangemode="tozero"))
    made.update_yaxes(**axis(palette, autorange="reversed", ticklabelstandoff=6))
    return made


def _delay_said(row: dict[str, Any], t: Translator) -> str:
    numbers = {"median": t.number(row["median_delay_days"], 1), "long": t.number(row["long_delay_days"], 1)}
    return t("quality.chart.delay_said", **numbers, share=t.percent(row["late_share"]))


def rejects(table: pa.Table, t: Translator, palette: Palette) -> go.Figure:
    """Rows and cells that were not loaded, by table and reason. Points carry the row of marts.reject_reasons."""
    rows = table.to_pylist()
    if not rows:
        return nothing(t, palette, t("quality.chart.rejects_title"), t("quality.chart.rejects_none"))
    shown = rows[:10]
    count = sum(row["row_count"] for row in rows)
    title = t("quality.chart.rejects_found", count=count)
    made = figure(t, palette, title=title, note=t("quality.chart.rejects_note"), height=120 + 28 * len(shown))
    made.add_bar(
        x=[row["row_count"] for row in shown],
        y=[_reject_name(row, t) for row in shown],
        orientation="h",
        marker={"color": palette.verdicts["bad"]},
        text=[t.number(row["row_count"]) for row in shown],
        textposition="outside",
        cliponaxis=False,
        textfont={"color": palette.text},
        customdata=[[number] for number in range(len(shown))],
        hovertemplate="%{y}: %{x}<extra></extra>",
    )
    made.update_xaxes(**axis(palette, grid=False, showticklabels=False, rangemode="tozero"))
    made.update_yaxes(**axis(palette, grid=False, autorange="reversed"))
    return made


def _reject_name(row: dict[str, Any], t: Translator) -> str:
    parts = [t.value("table_name", row["table_name"])]
    if row["column_name"]:
        parts.append(t(f"columns.{row['column_name']}"))
    else:
        parts.append(t.value("reason", row["reason"]))
    return label(": ".join(parts), 44)

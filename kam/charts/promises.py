"""Charts of the promises screen: how old the overdue ones are, who keeps them, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import plotly.graph_objects as go
import pyarrow as pa

from kam.charts.common import axis, figure, label, mark_line, nothing, percent_axis
from kam.charts.touches import interval
from kam.i18n import Translator
from kam.palette import Palette

# Older is worse: the same hue of the verdict, deeper with age, and the words on the axis say the same.
DEPTHS: Mapping[str, float] = {"0": 0.3, "1-3": 0.4, "4-7": 0.55, "8-14": 0.7, "15-30": 0.85, "31+": 1.0}


def ageing(table: pa.Table, measure: str, t: Translator, palette: Palette) -> go.Figure:
    """Overdue promises by age; the text says how many and the revenue of their clients.

    table: marts.promise_ageing; measure: "calendar" or "working". Points carry (measure, bucket).
    """
    rows = [row for row in table.to_pylist() if row["measure"] == measure]
    title = t(f"promises.chart.{measure}")
    top = max((row["promise_count"] for row in rows), default=0)
    if not top:
        return nothing(t, palette, title, t("promises.chart.none_overdue"))
    made = figure(t, palette, title=_ageing_finding(rows, measure, t), note=t("promises.chart.ageing_note"), height=300)
    made.add_trace(
        go.Bar(
            x=[t.value("ageing", row["bucket"]) for row in rows],
            y=[row["promise_count"] for row in rows],
            marker={"color": [_faded(palette.verdicts["bad"], DEPTHS[row["bucket"]]) for row in rows]},
            text=[_said(row, t) for row in rows],
            textposition="outside",
            cliponaxis=False,
            customdata=[[row["measure"], row["bucket"]] for row in rows],
            hovertemplate="%{x}: %{text}<extra></extra>",
        )
    )
    made.update_xaxes(**axis(palette, t(f"promises.chart.{measure}_axis"), grid=False, type="category"))
    made.update_yaxes(**axis(palette, grid=False, showticklabels=False, range=[0, top * 1.3]))
    return made


def _faded(colour: str, depth: float) -> str:
    """#rrggbb with so much opacity. A list of opacities in a marker would leave its bars deaf to clicks."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{depth})"


def _said(row: Mapping[str, Any], t: Translator) -> str:
    if not row["promise_count"]:
        return ""
    return f"<b>{t.number(row['promise_count'])}</b><br>{t.money_short(row['revenue'])}"


OLD = ("8-14", "15-30", "31+")  # the buckets beyond a week


def _ageing_finding(rows: Sequence[Mapping[str, Any]], measure: str, t: Translator) -> str:
    counts = {row["bucket"]: row["promise_count"] for row in rows}
    old = sum(counts.get(bucket, 0) for bucket in OLD)
    return t(f"promises.chart.{measure}_found", count=sum(counts.values()), old=old)


MONTHS = 12  # months of original due days that the chart shows


def keep_rate(table: pa.Table, dimension: str, t: Translator, palette: Palette) -> go.Figure:
    """Kept on time of those due, with the 95 % interval, in the order of names: where intervals overlap nobody is first.

    table: marts.promise_groups; dimension: "owner", "class" or "month" (the last twelve). Points carry the group_name.
    """
    rows = [row for row in table.to_pylist() if row["dimension"] == dimension and row["due_count"]]
    rows = rows[-MONTHS:] if dimension == "month" else rows
    title = t(f"promises.chart.{dimension}")
    if not rows:
        return nothing(t, palette, title, t("promises.chart.none_due"))
    note = t("promises.chart.overlap" if _overlap(rows) else "promises.chart.apart")
    title = _keep_finding(rows, dimension, t)
    made = figure(t, palette, title=title, note=note, height=120 + 30 * len(rows))
    made.add_trace(interval([_name(row, t) for row in rows], rows, "group_name", t, palette))
    share = t.percent(rows[0]["overall_rate"])
    mark_line(made, palette, t("promises.chart.overall", share=share), x=rows[0]["overall_rate"])
    made.layout.annotations[-1].update(yanchor="bottom", xanchor="center")
    made.update_xaxes(**percent_axis(palette, t, range=[-0.02, 1.02]))
    made.update_yaxes(**axis(palette, autorange="reversed"))
    return made


def _keep_finding(rows: Sequence[Mapping[str, Any]], dimension: str, t: Translator) -> str:
    """Who stands apart from all of them, by the intervals; that nobody does is a finding too."""
    overall = rows[0]["overall_rate"]
    weak = [row for row in rows if row["high_rate"] < overall]
    if weak:
        worst = min(weak, key=lambda row: row["high_rate"])
        name = _group(worst, t)
        return t(f"promises.chart.{dimension}_found", name=name, share=t.percent(worst["keep_rate"]))
    return t(f"promises.chart.{dimension}_alike")


def _overlap(rows: Sequence[Mapping[str, Any]]) -> bool:
    ordered = sorted(rows, key=lambda row: row["low_rate"])
    return any(one["high_rate"] >= other["low_rate"] for one, other in pairwise(ordered))


def _name(row: Mapping[str, Any], t: Translator) -> str:
    return t("promises.chart.name", name=_group(row, t), kept=row["kept_count"], due=row["due_count"])


def _group(row: Mapping[str, Any], t: Translator) -> str:
    """The name of a group as it is read: a month in words."""
    name = row["group_name"]
    if row["dimension"] == "month" and name:
        return f"{t(f'charts.month.m{int(name[5:])}')} {name[:4]}"
    return label(name or t(f"promises.no_{row['dimension']}"), 24)

"""The chart of the key clients screen: how many key clients each manager leads, against the limit."""

from __future__ import annotations

import plotly.graph_objects as go
import pyarrow as pa

from kam.charts.common import axis, figure, label, mark_line, nothing
from kam.i18n import Translator
from kam.palette import Palette


def load(table: pa.Table, t: Translator, palette: Palette) -> go.Figure:
    """Key clients by manager; those beyond the limit stand out. table: marts.key_managers. Points carry the manager's name."""
    rows = table.to_pylist()
    if not rows:
        return nothing(t, palette, t("key.chart.load"), t("key.chart.none"))
    limit, over = rows[0]["key_limit"], [row for row in rows if row["over_count"]]
    title = t("key.chart.over", count=len(over), limit=limit) if over else t("key.chart.within", limit=limit)
    made = figure(t, palette, title=title, note=t("key.chart.note"), height=130 + 32 * len(rows))
    made.add_bar(
        x=[row["key_client_count"] for row in rows],
        y=[label(row["manager_name"] or t("key.nobody"), 28) for row in rows],
        orientation="h",
        marker={"color": [palette.verdicts["near"] if row["over_count"] else palette.accent for row in rows]},
        text=[t("key.chart.bar", count=row["key_client_count"], forgotten=row["forgotten_count"]) for row in rows],
        textposition="outside",
        cliponaxis=False,
        customdata=[row["manager_name"] for row in rows],
        hovertemplate="%{y}: %{text}<extra></extra>",
    )
    mark_line(made, palette, t("key.chart.limit", limit=limit), x=limit)
    made.update_xaxes(**axis(palette, grid=False, showticklabels=False, range=[0, 1.35 * max(row["key_client_count"] for row in rows)]))
    made.update_yaxes(**axis(palette, grid=False, autorange="reversed"))
    return made

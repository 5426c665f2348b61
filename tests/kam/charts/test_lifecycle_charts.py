"""The charts of the life cycle screen: constant colours, months in order, the funnel with win-back apart."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest

from kam.charts import lifecycle
from kam.i18n import translator
from kam.palette import palette

T = translator("en")
STAGES = ("reach", "acquisition", "conversion", "retention", "loyalty", "win_back")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_status_has_the_palettes_colour(theme):
    look = palette(theme)
    rows = [
        {"status": status, "client_count": 1, "client_share": 0.1, "revenue": Decimal(1), "revenue_share": 0.1}
        for status in lifecycle.STATUSES
    ]
    summary = {"buying_count": 4, "buying_share": 0.4, "loyal_revenue_share": 0.1}
    figure = lifecycle.status_bars(pa.Table.from_pylist(rows), summary, T, look)
    for bars in figure.data:
        assert list(bars.marker.color) == [look.statuses[status] for status in lifecycle.STATUSES]
        assert [data[0] for data in bars.customdata] == list(lifecycle.STATUSES)


def test_funnel_sets_win_back_apart():
    rows = [{"clm_stage": stage, "client_count": 10, "revenue": Decimal(5)} for stage in STAGES]
    figure = lifecycle.funnel(pa.Table.from_pylist(rows), T, palette("light"))
    places = list(figure.data[0].y)
    assert places == [0, 1, 2, 3, 4, 5.6]


def test_months_stand_in_order_and_returns_go_below_zero():
    ends = [date(2026, 1, 31), date(2025, 12, 31)]
    rows = [
        {
            "month_ends_on": end, "status": "loyal", "client_count": 1, "revenue": Decimal(-5), "month_revenue": Decimal(-5),
            "loyal_share": None,
        }
        for end in ends
    ]  # fmt: skip
    figure = lifecycle.revenue_months(pa.Table.from_pylist(rows), T, palette("light"))
    assert list(figure.layout.xaxis.categoryarray) == ["Dec<br>2025", "Jan<br>2026"]
    assert list(figure.data[0].y) == [-5, -5]


def test_order_of_today_stands_on_the_logarithmic_axis():
    row = {
        "client_id": "a", "client_name": "<b>A</b>", "status": "new", "days_since_order": 0, "cycle_days": 30.0,
        "revenue": Decimal(1),
    }  # fmt: skip
    summary = {"drowsing_count": 0, "revenue_at_risk": Decimal(0), "risk_transactional": 1.5, "sleep_transactional": 2.0}
    figure = lifecycle.silence(pa.Table.from_pylist([row]), summary, T, palette("light"))
    assert list(figure.data[0].y) == [0.5]
    assert "&lt;b&gt;A" in figure.data[0].text[0]

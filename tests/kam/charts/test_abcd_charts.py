"""The charts of the ABCD screen: one point per client, names that cannot act, the largest where there are too many."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pytest

from kam.charts import abcd
from kam.i18n import translator
from kam.palette import palette

T, LOOK = translator("en"), palette("light")
SUMMARY = {
    "top_client_share": 0.1, "top_revenue_share": 0.5, "top_client_count": 2, "a_plus_count": 1, "b_client_count": 1,
    "gap_of_b": Decimal(10), "basis": "potential", "potential_line": Decimal(1000), "share_line": 0.5,
    "high_potential_share": 0.8, "turnover_a_plus": 0.5, "turnover_a": 0.8, "turnover_b": 0.95,
}  # fmt: skip


def clients(count: int, **fixed: object) -> pa.Table:
    rows = [
        {
            "client_id": str(number), "client_name": f"Client {number}", "class": "B", "revenue": Decimal(number + 1),
            "potential": Decimal(1000), "share": 0.4, "revenue_rank": number + 1, "revenue_before_share": number / count,
        } | fixed
        for number in range(count)
    ]  # fmt: skip
    return pa.Table.from_pylist(rows)


def points(figure: object) -> int:
    return sum(len(trace.x) for trace in figure.data)


def test_map_has_a_point_per_client_whose_share_is_known():
    table = pa.concat_tables([clients(3), clients(2, potential=None, share=None)], promote_options="permissive")
    figure = abcd.share_map(table, SUMMARY, T, LOOK)
    assert points(figure) == 3
    assert "2 clients are not on the map" in figure.layout.title.text


def test_name_of_a_client_cannot_act():
    figure = abcd.share_map(clients(1, client_name='<a href="http://x">x</a>'), SUMMARY, T, LOOK)
    assert "<a" not in figure.data[2].text[0]
    assert "&lt;a" in figure.data[2].text[0]


@pytest.mark.parametrize(("count", "kind"), [(abcd.SVG_POINTS, "scatter"), (abcd.SVG_POINTS + 1, "scattergl")])
def test_many_points_are_drawn_by_webgl(count, kind):
    assert abcd.share_map(clients(count), SUMMARY, T, LOOK).data[2].type == kind


def test_too_many_points_leave_those_with_the_most_revenue_and_say_so():
    figure = abcd.share_map(clients(abcd.MAP_POINTS + 5), SUMMARY, T, LOOK)
    assert points(figure) == abcd.MAP_POINTS
    assert "Shown are 2,000 clients of 2,005" in figure.layout.title.text.replace("<br>", " ")


def test_negative_revenue_is_the_smallest_bubble():
    assert abcd.share_map(clients(1, revenue=Decimal(-5)), SUMMARY, T, LOOK).data[2].marker.size == (abcd.SMALLEST_BUBBLE,)


def test_turnover_basis_draws_the_cumulated_curve_with_its_borders():
    figure = abcd.class_map(clients(4, potential=None, share=None), SUMMARY | {"basis": "turnover"}, T, LOOK)
    assert points(figure) == 4
    assert [shape.y0 for shape in figure.layout.shapes] == [0.5, 0.8, 0.95]


def test_nobody_selected_draws_an_empty_map():
    assert points(abcd.share_map(clients(1).slice(0, 0), SUMMARY | {"b_client_count": 0, "potential_line": None}, T, LOOK)) == 0

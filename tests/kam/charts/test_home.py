"""The bars of the overview: every code once, in order, money never below zero, the finding in the title."""

from decimal import Decimal

import pyarrow as pa
import pytest

from kam.charts import home
from kam.i18n import translator
from kam.palette import palette

FIGURES = pa.table(
    {
        "top_client_count": [3],
        "top_revenue_share": [0.79],
        "slipping_client_count": [1],
        "slipping_revenue_share": pa.array([None], pa.float64()),
    }
)
GROUPS = pa.table(
    {
        "dimension": ["class", "class", "class", "status"],
        "code": ["D", "A+", "B", "lost"],
        "client_count": [5, 1, 2, 8],
        "revenue": pa.array([Decimal(-5), Decimal("79.5"), None, Decimal(1)], pa.decimal128(18, 4)),
    }
)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_codes_stand_in_their_order_and_losses_have_no_bar(theme):
    clients, money = home.groups(GROUPS, FIGURES, "class", translator("ru"), palette(theme)).data
    assert list(clients.y) == ["D", "B", "A+"]  # the axis counts from below
    assert list(clients.x) == [5, 2, 1]
    assert list(money.x) == [0, 0, 79.5]
    assert list(money.customdata) == ["D", "B", "A+"]


def test_title_is_the_finding_and_unknown_is_not_zero():
    of_class = home.groups(GROUPS, FIGURES, "class", translator("ru"), palette("light"))
    assert "3 клиента дают 79\u00a0% выручки" in of_class.layout.title.text
    of_status = home.groups(GROUPS, FIGURES, "status", translator("en"), palette("light"))
    assert "1 client is drowsing or asleep: — of revenue" in of_status.layout.title.text


def test_nothing_left_by_the_filters_is_an_empty_plot():
    made = home.groups(GROUPS.slice(0, 0), FIGURES, "class", translator("ru"), palette("light"))
    assert [len(bars.x) for bars in made.data] == [0, 0]

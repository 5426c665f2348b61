"""What a trial norm would change, counted before it is saved."""

import pytest

from kam.effect import effect
from kam.errors import KamError


@pytest.fixture
def ordering(world):
    world.given(
        "orders",
        """
        client | date       | amount | order_id
        a      | 2026-01-01 | 80     | 1
        b      | 2026-01-02 | 15     | 2
        c      | 2026-01-03 | 5      | 3
        """,
    )
    world.build()
    return world.workspace


def test_change_of_a_class_border_is_counted_by_class_before_and_after(ordering):
    shifts = effect(ordering, {"turnover_a_plus": "0.9"}, None)
    assert [(shift.watched.name, shift.before, shift.after, shift.count) for shift in shifts] == [("class", "B", "A+", 1)]


def test_value_in_force_changes_nothing(ordering):
    assert effect(ordering, {"turnover_a_plus": "0.5"}, None) == []


def test_value_that_the_norm_does_not_take_is_said(ordering):
    with pytest.raises(KamError, match="norm_out_of_range"):
        effect(ordering, {"turnover_a_plus": "7"}, None)

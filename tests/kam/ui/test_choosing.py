"""The earlier date of a comparison."""

from __future__ import annotations

from datetime import date

import pytest

from kam.ui.choosing import months_before


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 11, 20), 12, date(2025, 11, 20)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2026, 2, 10), 3, date(2025, 11, 10)),
    ],
)
def test_same_day_so_many_months_before_or_the_months_last(day, months, before):
    assert months_before(day, months) == before

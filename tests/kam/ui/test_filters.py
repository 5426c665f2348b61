"""The presets of the as-of date."""

from datetime import date

import pytest

from kam.ui.filters import presets


@pytest.mark.parametrize(
    ("latest", "month_end", "quarter_end", "year_ago"),
    [
        (date(2026, 11, 20), date(2026, 10, 31), date(2026, 9, 30), date(2025, 11, 20)),
        (date(2026, 1, 1), date(2025, 12, 31), date(2025, 12, 31), date(2025, 1, 1)),
        (date(2028, 2, 29), date(2028, 1, 31), date(2027, 12, 31), date(2027, 2, 28)),
        (date(2026, 3, 31), date(2026, 2, 28), date(2025, 12, 31), date(2025, 3, 31)),
    ],
)
def test_presets_are_whole_periods_before_the_latest_day(latest, month_end, quarter_end, year_ago):
    assert presets(latest) == {
        "latest": latest,
        "month_end": month_end,
        "quarter_end": quarter_end,
        "year_ago": year_ago,
    }

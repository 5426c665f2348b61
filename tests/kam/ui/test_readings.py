"""What a sample means under each style, shown before the choice."""

from datetime import date
from decimal import Decimal

import pytest

from kam.i18n import translator
from kam.ui.readings import as_date, as_number, reading


@pytest.mark.parametrize(
    ("sample", "style", "day"),
    [
        ("03/04/2026", "dmy", date(2026, 4, 3)),
        ("03/04/2026", "mdy", date(2026, 3, 4)),
        ("3-4-26 10:15", "dmy", date(2026, 4, 3)),
        ("13/04/2026", "mdy", None),
        ("нет", "dmy", None),
    ],
)
def test_date_under_each_order(sample, style, day):
    assert as_date(sample, style) == day


@pytest.mark.parametrize(
    ("sample", "style", "number"),
    [
        ("1.234", "comma", Decimal(1234)),
        ("1.234", "dot", Decimal("1.234")),
        ("1 234,5 ₽", "comma", Decimal("1234.5")),
        ("—", "dot", None),
    ],
)
def test_number_under_each_mark(sample, style, number):
    assert as_number(sample, style) == number


def test_reading_is_in_words_so_that_day_and_month_cannot_be_mixed_up():
    assert reading("03/04/2026", "dmy", translator("ru")) == "3 апреля 2026"
    assert reading("03/04/2026", "mdy", translator("en")) == "4 March 2026"
    assert reading("13/13/2026", "mdy", translator("en")) == "—"

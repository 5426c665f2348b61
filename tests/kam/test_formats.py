"""How numbers, money, shares and dates are written in each language."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from kam import formats

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("value", "language", "decimals", "text"),
    [
        (1234567.5, "ru", None, f"1{NBSP}234{NBSP}567,5"),
        (1234567.5, "en", None, "1,234,567.5"),
        (Decimal("0.125"), "ru", 2, "0,13"),
        (2.5, "en", 0, "3"),
        (-1500, "ru", 0, f"\u22121{NBSP}500"),
        (-0.001, "en", 0, "0"),
        (None, "ru", None, "—"),
        (float("nan"), "en", None, "—"),
        (float("inf"), "en", None, "—"),
        (0, "ru", None, "0"),
    ],
)
def test_number_is_written_in_the_marks_of_the_language(value, language, decimals, text):
    assert formats.number(value, language, decimals) == text


@pytest.mark.parametrize(
    ("value", "language", "currency", "text"),
    [
        (Decimal("1234.5"), "ru", "RUB", f"1{NBSP}235{NBSP}₽"),
        (1234, "en", "GBP", "£1,234"),
        (-1234, "en", "GBP", "\u2212£1,234"),
        (1234, "en", "CHF", f"CHF{NBSP}1,234"),
        (1234, "ru", "", f"1{NBSP}234"),
        (None, "ru", "RUB", "—"),
    ],
)
def test_money_carries_its_currency_where_the_language_puts_it(value, language, currency, text):
    assert formats.money(value, language, currency) == text


@pytest.mark.parametrize(
    ("value", "language", "text"),
    [
        (9_999, "ru", f"9{NBSP}999"),
        (10_000, "ru", f"10{NBSP}тыс."),
        (12_400_000, "ru", f"12,4{NBSP}млн"),
        (12_400_000, "en", "12.4M"),
        (999_960, "ru", f"1{NBSP}млн"),
        (250_000_000, "en", "250M"),
        (-3_200_000_000, "ru", f"\u22123,2{NBSP}млрд"),
    ],
)
def test_money_in_a_headline_is_short_and_never_shows_a_thousand_thousands(value, language, text):
    assert formats.money_short(value, language) == text


def test_percents_have_a_space_in_russian_only():
    assert formats.percent(0.7949, "ru") == f"79{NBSP}%"
    assert formats.percent(0.7949, "en", 1) == "79.5%"
    assert formats.percent(None, "en") == "—"


def test_dates_leave_no_doubt_which_is_the_day():
    assert formats.day(date(2026, 3, 4), "ru") == "04.03.2026"
    assert formats.day(date(2026, 3, 4), "en") == "4 Mar 2026"
    assert formats.moment(datetime(2026, 3, 4, 9, 5), "ru") == "04.03.2026 09:05"
    assert formats.moment(datetime(2026, 3, 4), "en") == "4 Mar 2026"


def test_facts_of_a_sentence_are_written_by_their_type():
    assert formats.plain(Decimal("1500"), "ru") == f"1{NBSP}500"
    assert formats.plain(datetime(2026, 3, 4, 9, 5), "en") == "4 Mar 2026 09:05"
    assert formats.plain("1500", "ru") == "1500"
    assert formats.plain(None, "ru") == "—"

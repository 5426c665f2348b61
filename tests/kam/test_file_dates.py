"""The day of an export, as the file's name says it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kam.file_dates import day_in
from tests.kam.test_traps import Desk


@pytest.mark.parametrize(
    ("name", "day"),
    [
        # Years of four digits.
        ("Продажи 2026-03-30.xlsx", date(2026, 3, 30)), ("orders_20260330.csv", date(2026, 3, 30)),
        ("Заказы 01.01.2026-30.03.2026.xlsx", date(2026, 3, 30)), ("Заказы 2026-03-30 с 01.01.2026.xlsx", date(2026, 1, 1)),
        ("Продажи 30_03_2026.xlsx", date(2026, 3, 30)), ("Продажи 31.02.2026.xlsx", None), ("1202603301.csv", None),
        # Years of two digits.
        ("отчет 12.05.26.xlsx", date(2026, 5, 12)), ("07.04.26.xlsx", date(2026, 4, 7)), ("клиенты_07-04-26.csv", date(2026, 4, 7)),
        ("клиенты 07_04_26 (2).csv", date(2026, 4, 7)), ("с 01.04.26 по 30.04.26.xlsx", date(2026, 4, 30)),
        ("31.04.26.xlsx", None), ("12.13.26.xlsx", None), ("00.04.26.xlsx", None), ("32.04.26.xlsx", None), ("7.4.26.xlsx", None),
        ("07.04-26.xlsx", None), ("07 04 26.xlsx", None),
        # A longer number or a version.
        ("v1.02.03.xlsx", None), ("v01.02.03.xlsx", None), ("v.01.02.03.xlsx", None), ("Ritm версия 01.02.03.xlsx", None),
        ("ver 01.02.03.xlsx", None), ("1.01.02.03.xlsx", None), ("01.02.03.04.xlsx", None), ("107.04.26.xlsx", None), ("07.04.261.xlsx", None),
        ("заказ 12-05-26-7.csv", None), ("10.01.02.26.log", None),
        ("Активы 12.05.26.xlsx", date(2026, 5, 12)),
        # A full year is surer, wherever it stands: what follows is the time of day.
        ("отчёт 2026-04-07 10.11.12.xlsx", date(2026, 4, 7)),
        # Months in words.
        ("Клиенты 30 марта 2026.xlsx", date(2026, 3, 30)), ("Клиенты на 30 марта 2026 г.xlsx", date(2026, 3, 30)),
        ("Клиенты на 1 Мая 2026 г..xlsx", date(2026, 5, 1)), ("March 30, 2026.csv", date(2026, 3, 30)),
        ("Export 30 Mar 2026.csv", date(2026, 3, 30)), ("export-30-mar-2026.csv", date(2026, 3, 30)), ("Sept. 5th 2026.csv", date(2026, 9, 5)),
        ("отчёт_30_марта_2026.xlsx", date(2026, 3, 30)), ("1-30 июня 2026.xlsx", date(2026, 6, 30)), ("30 дек. 2026.xlsx", date(2026, 12, 30)),
        ("31 июня 2026.xlsx", None), ("130 марта 2026.xlsx", None), ("30 маркетинг 2026.xlsx", None), ("summary 30 2026.csv", None),
        # A month is no day.
        ("март 2026.xlsx", None), ("Продажи 2026-03.xlsx", None), ("03.2026.xlsx", None), ("2026.xlsx", None), ("заказы.xlsx", None),
        ("№30 за март 2026.xlsx", None),
    ],
)  # fmt: skip
def test_the_day_of_a_name(name: str, day: date | None) -> None:
    assert day_in(name) == day


def test_an_export_is_dated_by_its_name(tmp_path: Path) -> None:
    (report,) = Desk(tmp_path).load({"Клиенты на 30 марта 2026 г.csv": "Название компании;Ответственный\nРомашка;Иванов\n"})
    assert (report.error, report.captured_on) == (None, date(2026, 3, 30))

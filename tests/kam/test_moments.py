"""Times beside days and lengths in other units than minutes, as exports write them. Files made here."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from kam.recognise import Correction
from tests.kam import books
from tests.kam.test_traps import Desk, failures, lines_of, semicolons, sheet_of, xlsx


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


# Lengths.


@pytest.mark.parametrize(
    ("header", "cells", "minutes"),
    [
        ("Минут", ["12", "1,5", "2500"], [12, 1.5, 2500]),
        ("Длительность, мин", ["12", "15", "7"], [12, 15, 7]),
        ("Длительность, сек", ["90", "30", "600"], [1.5, 0.5, 10]),
        ("Длительность (сек.)", ["90", "0", ""], [1.5, 0, None]),
        ("Длительность, с", ["90", "1:30", "600"], [1.5, 1.5, 10]),
        ("Длительность звонка (в секундах)", ["90", "30", "600"], [1.5, 0.5, 10]),
        ("Длительность, ч", ["1,5", "2", "0:45"], [90, 120, 45]),
        ("Duration (seconds)", ["90", "5 min", "1:30:00"], [1.5, 5, 90]),
        ("Duration (ms)", ["90000", "500", "0"], [1.5, 500 / 60000, 0]),
        ("Call duration (milliseconds)", ["330000", "999", "12"], [5.5, 999 / 60000, 12 / 60000]),
        # HubSpot does not say what it counts in: whole figures, most of them from a thousand on.
        ("Call Duration", ["330000", "0", "60000"], [5.5, 0, 1]),
        ("Call duration", ["1000", "999", "60000"], [1 / 60, 999 / 60000, 1]),
        ("Call duration", ["999", "1000", ""], [999, 1000, None]),
        ("Call duration", ["330000.5", "60000", "60000"], [330000.5, 60000, 60000]),
        ("Длительность звонка", ["330000", "60000", "60000"], [330000, 60000, 60000]),
        # Two parts.
        ("Длительность", ["1:15", "0:45", "12"], [75, 45, 12]),
        ("Длительность звонка", ["75:10", "0:45", "1:75"], [75 + 1 / 6, 0.75, None]),
        ("Длительность звонка", ["1:15", "0:45", "12"], [1.25, 0.75, 12]),
        ("Call duration (HH:mm)", ["1:15", "0:45", "12"], [75, 45, 12]),
        ("Длительность", ["1:15", "0:05:30", "1:00:00"], [1.25, 5.5, 60]),
        # In words.
        ("Затраченное время", ["5 мин", "1 ч 20 мин", "много"], [5, 80, None]),
    ],
)  # fmt: skip
def test_lengths_are_in_minutes(desk: Desk, header: str, cells: list[str], minutes: list[float | None]) -> None:
    rows = [["Дата касания", "Клиент", "Тип", "Тема", header], *(["20.11.2026", "А", "Звонок", "Цены", cell] for cell in cells)]
    assert failures(desk.load({"a.csv": lines_of(rows)})) == []
    said = [length for (length,) in desk.rows("select minutes from core.touches order by row_number")]
    assert said == [None if length is None else pytest.approx(length) for length in minutes]


@pytest.mark.parametrize(
    ("header", "minutes"),
    [("Разговор с клиентом", 90), ("Звонок с утра до ч", 90), ("Разговор, с", 1.5), ("Разговор (ч)", 5400), ("Разговор сек.", 1.5)],
)  # fmt: skip
def test_a_letter_within_a_header_is_no_unit(desk: Desk, header: str, minutes: float) -> None:
    rows = [["Дата касания", "Клиент", "Тип", "Тема", header], ["20.11.2026", "А", "Звонок", "Цены", "90"]]
    desk.load({"a.csv": lines_of(rows)}, Correction(table="touches", fields={header: "minutes"}))
    assert desk.rows("select minutes from core.touches") == [(minutes,)]


def test_milliseconds_that_no_header_names_are_told(desk: Desk) -> None:
    texts = [f"Дата касания;Клиент;Тема;{header}\n20.11.2026;А;Цены;330000\n" for header in ("Call duration", "Call duration (ms)")]
    reports = [report for text in texts for report in desk.load({"a.csv": text})]
    told = [[note.facts for note in report.remarks if note.key == "recognise.milliseconds"] for report in reports]
    assert told == [[{"column": "Call duration"}], []]


def timed_book(book: Any, sheet: Any) -> None:
    day, hour, length = (book.add_format({"num_format": form}) for form in ("dd.mm.yyyy", "hh:mm", "[h]:mm:ss"))
    sheet.write_row(0, 0, ["Клиент", "Дата", "Время", "Тема", "Длительность"])
    for row in (1, 2, 3):
        sheet.write(row, 0, "Ромашка")
        sheet.write_datetime(row, 1, datetime(2026, 11, row), day)
        sheet.write_datetime(row, 2, time(9 + row, 30), hour)
        sheet.write(row, 3, "Цены")
        sheet.write(row, 4, 0.05 * row + (row == 3), length)


def test_time_cells_of_a_book(desk: Desk) -> None:
    assert failures(desk.load({"a.xlsx": xlsx(timed_book)})) == []
    assert desk.rows("select held_at, minutes from core.touches order by row_number") == [
        (datetime(2026, 11, 1, 10, 30), 72), (datetime(2026, 11, 2, 11, 30), 144), (datetime(2026, 11, 3, 12, 30), 1656),
    ]  # fmt: skip


# Times beside days.


@pytest.mark.parametrize(
    ("day", "hour", "moment"),
    [
        ("20.11.2026", "10:30", datetime(2026, 11, 20, 10, 30)), ("20.11.2026", "9:05", datetime(2026, 11, 20, 9, 5)),
        ("20.11.2026", "23:59:59", datetime(2026, 11, 20, 23, 59, 59)), ("2026-11-20", "10:30", datetime(2026, 11, 20, 10, 30)),
        ("20/11/2026", "10:30", datetime(2026, 11, 20, 10, 30)), ("20.11.26", "10:30", datetime(2026, 11, 20, 10, 30)),
        ("20.11.2026 0:00:00", "10:30", datetime(2026, 11, 20, 10, 30)), ("2026-11-20T00:00:00", "10:30", datetime(2026, 11, 20, 10, 30)),
        ("20.11.2026 14:15", "10:30", datetime(2026, 11, 20, 14, 15)), ("46346", "10:30", datetime(2026, 11, 20, 10, 30)),
        ("20 ноября 2026 г.", "10:30", datetime(2026, 11, 20, 10, 30)), ("Nov 20, 2026", "10:30 PM", datetime(2026, 11, 20, 22, 30)),
        ("20.11.2026", "—", datetime(2026, 11, 20)), ("20.11.2026", "", datetime(2026, 11, 20)),
    ],
)  # fmt: skip
def test_a_time_beside_the_day_of_a_touch(desk: Desk, day: str, hour: str, moment: datetime) -> None:
    rows = [["Дата", "Время", "Клиент", "Тип", "Тема"], [day, hour, "А", "Звонок", "Цены"], ["15.11.2026", "11:00", "А", "Звонок", "Сроки"]]
    assert failures(desk.load({"a.csv": lines_of(rows)})) == []
    assert desk.rows("select held_at from core.touches order by row_number") == [(moment,), (datetime(2026, 11, 15, 11),)]


@pytest.mark.parametrize("hour", ["24:00", "10:60", "скоро", "1,5", "10-30"])
def test_what_is_no_time_is_left_alone(desk: Desk, hour: str) -> None:
    rows = [["Дата", "Время", "Клиент", "Тема"], ["20.11.2026", hour, "А", "Цены"], ["15.11.2026", "11:00", "А", "Сроки"]]
    assert failures(desk.load({"a.csv": lines_of(rows)})) == []
    assert desk.rows("select held_at from core.touches order by row_number") == [(datetime(2026, 11, 20),), (datetime(2026, 11, 15),)]


@pytest.mark.parametrize(
    ("headers", "moment"),
    [
        (["Date", "Time", "Company", "Type", "Subject"], datetime(2026, 11, 20, 10, 30)),
        (["Дата звонка", "Время звонка", "Клиент", "Тип", "Тема"], datetime(2026, 11, 20, 10, 30)),
        (["Дата звонка", "Время", "Клиент", "Тип", "Тема"], datetime(2026, 11, 20, 10, 30)),
        (["Дата звонка", "Время ожидания", "Клиент", "Тип", "Тема"], datetime(2026, 11, 20)),
        (["Дата звонка", "Время ответа", "Клиент", "Тип", "Тема"], datetime(2026, 11, 20)),
    ],
)
def test_a_time_is_of_the_day_that_is_headed_alike(desk: Desk, headers: list[str], moment: datetime) -> None:
    assert failures(desk.load({"a.csv": lines_of([headers, ["2026-11-20", "10:30", "А", "Звонок", "Цены"]])})) == []
    assert desk.rows("select held_at from core.touches") == [(moment,)]


def test_the_moment_of_entry_is_joined_too(desk: Desk) -> None:
    rows = [["Дата касания", "Время касания", "Дата создания", "Время создания", "Клиент", "Тема"],
            ["20.11.2026", "10:30", "21.11.2026", "12:45", "А", "Цены"]]  # fmt: skip
    assert failures(desk.load({"a.csv": lines_of(rows)})) == []
    assert desk.rows("select held_at, created_at from core.touches") == [(datetime(2026, 11, 20, 10, 30), datetime(2026, 11, 21, 12, 45))]


def test_orders_keep_their_day(desk: Desk) -> None:
    assert failures(desk.load({"a.csv": "Дата;Время;Клиент;Сумма\n20.11.2026;10:30;А;100\n"})) == []
    assert desk.rows("select ordered_on from core.order_lines") == [(date(2026, 11, 20),)]


REQUESTS = """
    Дата обращения | Время обращения | Клиент | Тема | Дата ответа | Время ответа
    16.11.2026 | 10:00 | А | Брак | 16.11.2026 | 12:30
    16.11.2026 | 10:00 | Б | Брак | 17.11.2026 | 9:00
    16.11.2026 | 10:00 | В | Брак | |
"""


def test_promptness_of_requests_with_times_of_their_own(desk: Desk) -> None:
    assert failures(desk.load({"Обращения.csv": semicolons(REQUESTS)})) == []
    rows = desk.ws.fetch("marts.request_list", as_of=date(2026, 11, 18)).to_pylist()
    assert {row["client_id"]: row["answer_hours"] for row in rows} == {"А": 2.5, "Б": 23, "В": None}


@pytest.mark.parametrize("make", [books.xls, books.ods, books.xlsb])
def test_times_in_text_of_other_books(desk: Desk, make: Any) -> None:
    rows = sheet_of(REQUESTS)
    assert failures(desk.load({f"Обращения.{make.__name__}": make(rows)})) == []
    assert desk.rows("select received_at, answered_at from core.requests order by row_number")[0] == (
        datetime(2026, 11, 16, 10), datetime(2026, 11, 16, 12, 30),
    )  # fmt: skip

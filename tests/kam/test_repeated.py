"""A sum that stands in each line of its order: without quantity and price it is counted as it stands, and the doubt is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from kam.reports import SheetReport
from tests.kam.test_traps import Desk, lines_of

KEY = "recognise.amounts_alike"
Line = list[str]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def orders(count: int = 5, lines: int = 2) -> list[Line]:
    """Number, client, date, amount, product: an order has one amount in each of its lines, 100 × its number."""
    numbers = (number for number in range(1, count + 1) for _ in range(lines))
    return [[str(n), "А", f"{n:02d}.01.2026", str(100 * n), f"Товар {line % lines}"] for line, n in enumerate(numbers)]


def loaded(desk: Desk, rows: list[Line], header: str = "Номер;Контрагент;Дата;Сумма;Товар") -> SheetReport:
    (report,) = desk.load({"сделки.csv": lines_of([header.split(";"), *rows])})
    assert report.error is None
    return report


def said(report: SheetReport) -> list[dict[str, object]]:
    return [note.facts for note in report.remarks if note.key == KEY]


def test_sums_that_may_be_of_the_whole_order_are_counted_as_they_stand_and_said(desk: Desk) -> None:
    report = loaded(desk, [*orders(), ["6", "Б", "06.01.2026", "50", "Стол"]])
    assert (report.amount, said(report)) == (3050, [{"count": 5, "counted": 3000, "whole": 1500}])


def test_lines_of_one_order_are_as_many_as_they_are(desk: Desk) -> None:
    report = loaded(desk, orders()[:-1] + [["5", "А", "05.01.2026", "500", f"Товар {number}"] for number in range(1, 4)])
    assert said(report) == [{"count": 5, "counted": 4000, "whole": 1500}]


@pytest.mark.parametrize(("count", "is_said"), [(4, False), (5, True)])
def test_a_few_orders_are_chance(desk: Desk, count: int, is_said: bool) -> None:
    assert bool(said(loaded(desk, orders(count)))) is is_said


@pytest.mark.parametrize(("last", "is_said"), [("100", False), ("100.00", False), ("101", True), ("0", False)])
def test_one_price_for_all_is_a_price(desk: Desk, last: str, is_said: bool) -> None:
    rows = [[*row[:3], "100", row[4]] for row in orders(6)]
    rows[-2:] = [[*row[:3], last, row[4]] for row in rows[-2:]]
    assert bool(said(loaded(desk, rows))) is is_said


def test_a_single_order_whose_lines_differ_shows_that_lines_have_sums_of_their_own(desk: Desk) -> None:
    rows = orders(9)
    rows[5][3] = "301"
    assert said(loaded(desk, rows)) == []
    rows[5][3] = ""
    assert said(loaded(desk, rows)) == []


def test_lines_that_lie_apart_are_no_lines_of_one_order(desk: Desk) -> None:
    assert said(loaded(desk, sorted(orders(), key=lambda row: row[4]))) == []


def test_the_same_product_again_is_a_line_of_its_own(desk: Desk) -> None:
    rows = orders()
    rows[3][4] = rows[2][4]
    assert said(loaded(desk, rows)) == []


def test_without_products_orders_are_told_by_their_number_alone(desk: Desk) -> None:
    report = loaded(desk, [row[:4] for row in orders()], "Номер;Контрагент;Дата;Сумма")
    assert said(report) == [{"count": 5, "counted": 3000, "whole": 1500}]


def test_instalments_have_days_of_their_own(desk: Desk) -> None:
    rows = orders()
    rows[3][2] = "28.01.2026"
    assert said(loaded(desk, rows)) == []


def test_without_numbers_of_orders_nothing_is_said(desk: Desk) -> None:
    assert said(loaded(desk, [row[1:] for row in orders()], "Контрагент;Дата;Сумма;Товар")) == []
    assert said(loaded(desk, [["", *row[1:]] for row in orders()])) == []


@pytest.mark.parametrize(("more", "is_said"), [(";Количество", True), (";Цена", True), (";Количество;Цена", False)])
def test_quantity_and_price_tell_it_without_a_guess(desk: Desk, more: str, is_said: bool) -> None:
    rows = [[*row, *["1"] * more.count(";")] for row in orders()]
    assert bool(said(loaded(desk, rows, "Номер;Контрагент;Дата;Сумма;Товар" + more))) is is_said


def test_where_quantity_and_price_prove_it_the_sum_counts_once(desk: Desk) -> None:
    rows = [[*row, "1", str(int(row[3]) // 2)] for row in orders()]
    report = loaded(desk, rows, "Номер;Контрагент;Дата;Сумма;Товар;Количество;Цена")
    assert (report.amount, said(report), [note.key for note in report.remarks]) == (1500, [], ["recognise.amounts_of_orders"])

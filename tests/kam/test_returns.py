"""Sheets and files that are named returns and hold positive amounts: they lower revenue, and it is said."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.kam.books import zipped
from tests.kam.test_traps import Desk, failures, xlsx

SALES = "Контрагент;Дата;Сумма\nА;15.01.2026;1000\nБ;16.01.2026;500\n"
RETURNS = "Контрагент;Дата;Сумма;Склад\nА;20.01.2026;100,50\nБ;21.01.2026;30\n"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def said(report: Any) -> list[str]:
    return [note.facts["name"] for note in report.remarks if note.key == "recognise.returns_by_name"]


@pytest.mark.parametrize(
    "name",
    [
        "Возвраты", "возвраты", "Возвраты от покупателей", "Возвраты за март", "Возврат товаров", "03_Возвраты_2026", "Реестр возвратов",
        "Returns", "refunds 2026-03", "Return", "Sales returns", "Отчёт по возвратам (1)", "(Возвраты)", "03.Возвраты",
        "Отчёт-возвраты", "«ВОЗВРАТЫ»", "март, возвраты", "Март+возвраты", "№1 возвраты",
    ],
)  # fmt: skip
def test_a_file_named_returns_lowers_revenue(desk: Desk, name: str) -> None:
    sales, returns = desk.load({"Продажи.csv": SALES, f"{name}.csv": RETURNS})
    assert (failures([sales, returns]), sales.amount, returns.amount) == ([], 1500, Decimal("-130.5"))
    assert (said(sales), said(returns)) == ([], [name.replace("_", " ").replace("+", " ")])
    assert desk.rows("select sum(amount), count(*) filter (where is_return) from core.order_lines") == [(Decimal("1369.5"), 2)]


@pytest.mark.parametrize(
    "name",
    [
        "Продажи", "Продажи и возвраты", "Реализации и возвраты", "Заказы без возвратов", "Выручка за вычетом возвратов", "Невозвратные",
        "Возвратная тара", "Возвраты поставщикам", "Возвраты и корректировки", "Sales and returns", "Orders without returns", "Net of returns",
        "Returning clients", "Return on investment", "Отчёт без возвратов", "Лист1",
    ],
)  # fmt: skip
def test_a_name_that_speaks_of_something_else_says_nothing(desk: Desk, name: str) -> None:
    (report,) = desk.load({f"{name}.csv": RETURNS})
    assert (report.error, report.amount, said(report)) == (None, Decimal("130.5"), [])


@pytest.mark.parametrize(
    ("amounts", "total", "is_said"),
    [
        (("100", "30"), -130, True), (("100", "0"), -100, True), (("-100", "-30"), -130, False), (("(100,00)", "-30"), -130, False),
        (("100", "-30"), 70, False), (("0", "0"), 0, False), (("100", "—"), -100, True),
    ],
)  # fmt: skip
def test_returns_written_with_a_minus_are_understood_as_they_are(desk: Desk, amounts: tuple[str, str], total: int, is_said: bool) -> None:
    first, second = amounts
    (report,) = desk.load({"Возвраты.csv": f"Контрагент;Дата;Сумма\nА;20.01.2026;{first}\nБ;21.01.2026;{second}\n"})
    assert (report.amount, bool(said(report))) == (total, is_said)


def test_a_column_of_kinds_says_it_better_than_a_name(desk: Desk) -> None:
    text = "Контрагент;Дата;Сумма;Тип документа\nА;20.01.2026;100;Реализация\nБ;21.01.2026;30;Возврат\n"
    (report,) = desk.load({"Возвраты.csv": text})
    assert (report.amount, said(report)) == (70, [])


def test_names_of_documents_say_it_better_than_that_of_the_sheet(desk: Desk) -> None:
    text = (
        "Документ;Контрагент;Сумма\nВозврат товаров от клиента 0000-000002 от 16.01.2026 12:00:00;А;30\n"
        "Реализация товаров и услуг 0000-000031 от 15.01.2026 12:00:00;А;100\n"
    )
    (report,) = desk.load({"Возвраты.csv": text})
    assert (report.amount, said(report)) == (70, [])
    (sold,) = desk.load({"Возвраты 2.csv": text.replace("Возврат товаров от клиента", "Реализация товаров и услуг")})
    assert (sold.amount, said(sold)) == (-130, ["Возвраты 2"])


def test_returns_made_of_quantity_and_price(desk: Desk) -> None:
    text = "Контрагент;Дата;Товар;Количество;Цена\nА;20.01.2026;Стол;2;50\nБ;21.01.2026;Стул;{};10\n"
    (report,) = desk.load({"Возвраты.csv": text.format("3")})
    assert (report.amount, said(report)) == (-130, ["Возвраты"])
    (minus,) = desk.load({"Возвраты.csv": text.format("-3")})
    assert (minus.amount, said(minus)) == (70, [])


def two_sheets(first: str, second: str) -> bytes:
    def fill(book: Any, sheet: Any) -> None:
        for target, amount in ((sheet, 1000), (book.add_worksheet(second), 100)):
            target.write_row(0, 0, ["Контрагент", "Дата", "Сумма"])
            target.write_row(1, 0, ["А", "15.01.2026", amount])

    return xlsx(fill, sheet=first)


@pytest.mark.parametrize(
    ("file", "first", "second", "amounts"),
    [
        ("Продажи за март", "Продажи", "Возвраты", (1000, -100)),
        ("Возвраты за март", "Лист1", "Лист2", (-1000, -100)),
        ("Возвраты за март", "Продажи", "Лист2", (1000, -100)),
        ("Отчёт", "TDSheet", "Returns", (1000, -100)),
        ("Продажи и возвраты", "TDSheet", "Возвраты", (1000, -100)),
    ],
)
def test_the_sheet_is_asked_before_the_file(desk: Desk, file: str, first: str, second: str, amounts: tuple[int, int]) -> None:
    reports = desk.load({f"{file}.xlsx": two_sheets(first, second)})
    assert (failures(reports), tuple(report.amount for report in reports)) == ([], amounts)


def test_the_archive_says_nothing_of_the_files_in_it(desk: Desk) -> None:
    sales, returns = desk.load({"Возвраты.zip": zipped({"а.csv": SALES, "Возвраты.csv": RETURNS})})
    assert (sales.amount, returns.amount) == (1500, Decimal("-130.5"))


def test_the_total_of_returns_is_what_is_taken_off(desk: Desk) -> None:
    (report,) = desk.load({"Возвраты.csv": RETURNS + "Итого;;130,50\n"})
    assert (report.amount, report.total, report.total_difference) == (Decimal("-130.5"), Decimal("-130.5"), 0)


def test_other_tables_are_not_asked_for_returns(desk: Desk) -> None:
    (report,) = desk.load({"Возвраты.csv": "Клиент;Менеджер;Потенциал\nА;И;5\n"})
    assert (report.table, report.remarks) == ("clients", ())

"""What cells mean: months as dates, two columns that both look like the amount or the manager, currencies beside amounts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from kam import imports
from kam.imports import Upload
from kam.readers_text import read_text
from kam.recognise import Correction, Question, recognise
from kam.workspace import Workspace

Load = Callable[..., imports.SheetReport]


def questions(text: str, told: Correction | None = None) -> tuple[Question, ...]:
    return recognise(read_text(text.encode(), "лист.csv")[0], told=told).questions


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "workspace")


@pytest.fixture
def load(ws: Workspace, tmp_path: Path) -> Load:
    def load_text(text: str, told: Correction | None = None) -> imports.SheetReport:
        path = tmp_path / "лист.csv"
        path.write_text(text, encoding="utf-8")
        corrections = {imports.EVERY_SHEET: told} if told else None
        return imports.load(ws, [Upload(path.name, path)], corrections=corrections)[0]

    return load_text


def test_months_in_words_are_dates_of_their_first_day(ws: Workspace, load: Load) -> None:
    report = load(
        "Контрагент;Месяц;Сумма\nА;дек. 2025;1\nБ;Январь 2026;2\n"
        "В;15 мая 2026 г.;4\nГ;Dec 2025;8\nД;скоро 2026;16\n"
    )
    assert (report.rows_loaded, report.reasons) == (4, {"date_unreadable": 1})
    lines = ws.fetch("marts.evidence_orders").to_pylist()
    assert {line["client_id"]: line["ordered_on"] for line in lines} == {
        "А": date(2025, 12, 1), "Б": date(2026, 1, 1), "В": date(2026, 5, 15), "Г": date(2025, 12, 1),
    }  # fmt: skip


TAXED = """Контрагент;Дата;Сумма без НДС;Сумма с НДС
А;15.01.2026;100,00;120,00
Б;16.01.2026;1 000,50;1 200,60
Итого;;1 100,50;1 320,60
"""


def test_amounts_with_and_without_tax_are_asked_about_with_both_sums(ws: Workspace, load: Load) -> None:
    (question,) = questions(TAXED)
    assert (question.key, question.wanted, question.choices) == (
        "recognise.which_amount", "amount", ("Сумма с НДС", "Сумма без НДС"),
    )  # fmt: skip
    assert question.facts == {"candidates": "«Сумма с НДС»: 1 320.60; «Сумма без НДС»: 1 100.50"}
    refused = load(TAXED)
    assert (refused.error.key if refused.error else None, ws.dataset_id) == ("recognise.which_amount", None)
    told = Correction("orders", {"Сумма с НДС": None, "Сумма без НДС": "amount"})
    report = load(TAXED, told)
    assert (report.error, report.amount, report.total_difference) == (None, Decimal("1100.5"), 0)
    assert load(TAXED).amount == Decimal("1100.5")  # the answer is kept for next week


def test_two_columns_with_the_same_sums_are_no_question() -> None:
    assert questions("Контрагент;Дата;Сумма;Сумма без НДС\nА;15.01.2026;100;100,00\n") == ()


def test_several_managers_are_asked_about_unless_they_are_the_same_people() -> None:
    header = "Контрагент;Дата;Сумма;Менеджер;Ответственный;Ответственный за контакт\n"
    (question,) = questions(header + "А;15.01.2026;1;Иванов;Петров;Ким\nБ;16.01.2026;1;Иванов;Сидоров;Ким\n")
    assert (question.key, question.choices) == ("recognise.which_manager", ("Менеджер", "Ответственный"))
    assert question.facts == {"candidates": "«Менеджер»: Иванов; «Ответственный»: Петров, Сидоров"}
    assert questions(header + "А;15.01.2026;1;Иванов;Иванов;Ким\n") == ()
    told = Correction(None, {"Менеджер": None, "Ответственный": "manager"})
    assert questions(header + "А;15.01.2026;1;Иванов;Петров;Ким\n", told) == ()


def test_an_amount_with_its_currency_beside_it_counts_in_the_currency_of_the_workspace_alone(load: Load) -> None:
    report = load("Контрагент;Дата;Сумма;Валюта\nА;15.01.2026;9 000 ₽;руб.\nБ;15.01.2026;100;USD\nВ;15.01.2026;1;RUB\n")
    assert (report.rows_loaded, report.amount, report.reasons) == (2, 9001, {"other_currency": 1})


def test_days_and_months_that_nothing_tells_apart_are_asked_about() -> None:
    (question,) = questions("Контрагент;Дата;Сумма\nА;03/04/2026;1\nБ;05/06/2026;1\n")
    assert (question.key, question.choices) == ("recognise.ambiguous_dates", ("dmy", "mdy"))


def test_a_column_of_known_clients_is_proposed_as_the_client_and_asked(ws: Workspace, load: Load) -> None:
    unnamed = "Колонка;Дата;Сумма;Товар\nООО «Ромашка»;15.03.2026;1;Стол\nромашка, ооо;16.03.2026;2;Стул\nНовый;17.03.2026;4;Стол\n"
    refused = load(unnamed)
    assert refused.error is not None and refused.error.key == "recognise.missing_client"
    load("Контрагент;Дата;Сумма\nООО «Ромашка»;15.01.2026;8\nромашка, ооо;16.01.2026;1\nНовый;16.01.2026;1\n")
    asked = load(unnamed)
    assert asked.error is not None and asked.error.key == "recognise.confirm_values"
    assert asked.recognition is not None and asked.recognition.column_of("client").header == "Колонка"
    told = load(unnamed, Correction("orders", {"Колонка": "client"}))
    assert (told.error, told.rows_loaded, told.amount) == (None, 3, 7)

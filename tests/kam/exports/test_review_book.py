"""The review as a book, opened by readers that had no part in writing it."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from typing import Any

import fastexcel
import openpyxl
import pytest

from kam.exports.review_book import FACTS, review_book
from kam.i18n import translator
from tests.kam.exports import reviews

RU, EN = translator("ru", "RUB"), translator("en", "RUB")
EVERY_SHEET = ["Итоги", "Кто сделал разницу", "1. Прошлые решения", "3. Просроченные обещания", "4. Забытые ключевые",
               "Решения этой планёрки", "Отложенные строки", "Клиенты"]  # fmt: skip


def opened(review: Any = None, t: Any = RU) -> Any:
    return openpyxl.load_workbook(io.BytesIO(review_book(review or reviews.full(), t)))


def rows(sheet: Any) -> list[dict[str, Any]]:
    """Rows of a sheet by heading; the last is that of the totals."""
    heads, *cells = sheet.iter_rows(values_only=True)
    return [dict(zip(heads, one, strict=True)) for one in cells]


def test_book_has_a_sheet_a_section_with_lines():
    assert opened().sheetnames == EVERY_SHEET
    assert opened(t=EN).sheetnames[:4] == ["Summary", "Who made the difference", "1. Last decisions", "3. Overdue promises"]


def test_totals_are_those_of_the_review():
    book, review = opened(), reviews.full()
    for section in review.sections:
        sheet = next((one for one in book if one.title.startswith(f"{reviews.SECTIONS.index(section.name) + 1}. ")), None)
        assert (sheet is None) == (not section.lines)
        if sheet:
            *lines, total = rows(sheet)
            assert (total["№"], total["Под вопросом"]) == ("Всего", float(section.money))
            assert sum(one["№"] is not None for one in lines) == len(section.lines)
    cover = {row[0]: row for row in book["Итоги"].iter_rows(values_only=True)}
    assert cover["Всего"][1:3] == (review.line_count, float(review.money)) == (4, 1270.8)
    assert cover["3. Просроченные обещания"][1:4] == (2, 1200.3, 1200.3 / 1270.8)
    clients = rows(book["Клиенты"])[-1]
    assert clients["Под вопросом"] == 1270.8


def test_client_with_two_promises_has_two_rows_and_its_money_once():
    *lines, _ = rows(opened()["3. Просроченные обещания"])
    assert [(one["№"], one["Клиент"], one["Текст"], one["Под вопросом"]) for one in lines] == [
        (1, "Ромашка", "Прислать счёт", 1000.1), (None, "Ромашка", "Завезти", None), (2, "Лютик", "Прислать счёт", 200.2),
    ]  # fmt: skip
    assert lines[0]["Кроме того"] == "39 дней ни одного события: последнее было 12.10.2026."
    assert (lines[0]["Решение"], lines[0]["Кто"], lines[0]["К какому дню"]) == ("Позвонить", "Иванов", datetime(2026, 11, 27))


def test_dates_are_dates_and_numbers_are_numbers():
    sheet = opened()["3. Просроченные обещания"]
    (heads,) = sheet.iter_rows(max_row=1, values_only=True)
    cells = dict(zip(heads, sheet[2], strict=True))
    assert (cells["Срок"].value, cells["Срок"].number_format, cells["Срок"].is_date) == (datetime(2026, 11, 8), "dd.mm.yyyy", True)
    assert (cells["Дней просрочки"].value, cells["Дней просрочки"].data_type) == (12, "n")
    assert (cells["Под вопросом"].number_format, cells["Под вопросом"].data_type) == ("#,##0", "n")


def test_another_reader_sees_the_same():
    sheet = fastexcel.read_excel(review_book(reviews.full(), RU)).load_sheet("3. Просроченные обещания").to_arrow()
    first, *_, total = sheet.to_pylist()
    assert (first["Клиент"], first["Срок"], first["Под вопросом"]) == ("Ромашка", datetime(2026, 11, 8), 1000.1)
    assert total["Под вопросом"] == 1200.3


def test_cover_has_the_figures_the_last_review_the_difference_and_the_clients_that_made_it():
    cover = {row[0].value: row for row in opened()["Итоги"].iter_rows()}
    revenue, kept, silent = (cover[RU(f"review.figures.{name}")] for name in ("revenue", "kept", "silent"))
    assert [cell.value for cell in revenue[1:4]] == [150, 120, 30]
    assert revenue[4].value == "Ромашка +70\u00a0₽; Новый −40\u00a0₽"
    assert [(cell.value, cell.number_format) for cell in kept[1:4]] == [(0.6, "0%"), (0.5, "0%"), (10, '+0.0" п. п.";-0.0" п. п.";0')]
    assert [cell.value for cell in silent[1:4]] == [None, 2, None]
    assert silent[4].value == "не загружены обещания"
    assert cover["10. Связь через одного человека"][4].value == "Не загружены: контакты."
    assert cover["11. Чем порадовать клиентов"][4].value == "Ничего нет."


def test_parts_of_the_clients_add_up_to_the_difference():
    changes = rows(opened()["Кто сделал разницу"])
    revenue = [one for one in changes if one["Показатель"] == "Выручка за 12 мес."]
    assert sum(one["Часть разницы"] for one in revenue) == 30
    assert [one["Часть разницы"] for one in changes if one["Клиент"] == "Лютик"] == [10]  # percentage points


def test_every_list_is_frozen_filtered_and_prints_on_a4():
    for sheet in opened():
        first = sheet.freeze_panes
        assert first and sheet.auto_filter.ref and sheet.print_area, sheet.title
        setup = sheet.page_setup
        assert (setup.orientation, setup.paperSize, setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage) == (
            "landscape", 9, 0, True,
        )  # fmt: skip
        assert sheet.oddFooter.right.text == "&P / &N"
        assert sheet.oddHeader.left.text.startswith("Планёрка 20.11.2026")
        assert sheet.print_title_rows == (None if sheet.title == "Итоги" else "$1:$1")
        assert all(column.width >= 7 for column in sheet.column_dimensions.values())


def test_filter_leaves_the_totals_out():
    sheet = opened()["3. Просроченные обещания"]
    assert sheet.auto_filter.ref.endswith("4")
    assert sheet.cell(5, 1).value == "Всего"


def test_links_lead_within_the_book_from_lines_to_clients_and_back():
    book = opened()
    content = review_book(reviews.full(), RU)
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert not any("externalLink" in name for name in names)
    assert not any(b"http" in target for name in names if name.endswith(".rels") and "worksheets" in name
                   for target in re.findall(rb'Target="(http[^"]+)"', zipfile.ZipFile(io.BytesIO(content)).read(name)))  # fmt: skip
    for sheet, column in (("3. Просроченные обещания", 2), ("Клиенты", 1)):
        for cell in (book[sheet].cell(row, column) for row in range(2, book[sheet].max_row)):
            name, place = cell.hyperlink.location.rsplit("!", 1)
            row = book[name.strip("'")][place].row
            assert cell.value in [other.value for other in book[name.strip("'")][row]], cell.value
    assert all(cell.hyperlink.target is None for sheet in book for line in sheet for cell in line if cell.hyperlink)


def test_texts_that_look_like_formulas_stay_texts():
    review = reviews.hostile()
    content = review_book(review, RU)
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert not any(b"<f>" in archive.read(name) for name in archive.namelist())
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert {cell.data_type for sheet in book for line in sheet for cell in line} <= {"s", "n", "d"}
    *lines, _ = rows(book["3. Просроченные обещания"])
    found = [re.sub(r"_x([0-9A-F]{4})_", lambda code: chr(int(code[1], 16)), one["Клиент"]) for one in lines]
    assert [one.replace("\r", "\n") for one in found] == [one.replace("\r", "\n") for one in reviews.HOSTILE]
    assert all(cell.hyperlink.target is None for sheet in book for line in sheet for cell in line if cell.hyperlink)


def test_decision_to_be_settled_stands_with_its_dates_and_what_was_said():
    one, _ = rows(opened()["1. Прошлые решения"])
    assert (one["Первый срок"], one["Срок"]) == (datetime(2026, 11, 27), datetime(2026, 12, 4))
    assert (one["Что стало"], one["Переносов"], one["Что сказано"]) == ("в работе", 1, "ждём банк")


def test_empty_review_is_a_cover_that_says_so():
    book = opened(reviews.review([], missing=("promises",)))
    assert book.sheetnames == ["Итоги"]
    cells = [cell for row in book["Итоги"].iter_rows(values_only=True) for cell in row]
    assert cells.count("Ничего нет.") == 9 and cells.count("Не загружены: обещания.") == 2


def test_narrowed_view_and_closed_review_say_what_they_are():
    def said(review: Any, **filters: str) -> str:
        book = openpyxl.load_workbook(io.BytesIO(review_book(review, RU, filters)))
        return " ".join(str(book["Итоги"].cell(row, 1).value) for row in range(1, 5))

    assert "Показана часть: Регион: Юг" in said(reviews.full(), region="Юг", manager="Иванов")
    assert "Закрытая планёрка на данных на 20.11.2026" in said(reviews.closed())
    assert said(reviews.closed()).startswith("Планёрка 23.11.2026")


@pytest.mark.parametrize("t", [RU, EN])
def test_every_column_of_facts_has_a_word(t):
    for names in FACTS.values():
        assert all(t.has(f"columns.{name}") for name in names.values())


# Questions


def test_question_with_rows_has_a_sheet_with_the_decisions_about_its_clients():
    book = opened(reviews.asked())
    assert [name for name in book.sheetnames if name.startswith("12.")] == ["12.1 Кто  <всё>", "12.2 Кто  <всё>"]
    above, _, heads, *cells = book["12.1 Кто  <всё>"].iter_rows(values_only=True)
    assert above[0] == "Кто: <всё>"
    assert heads == ("Код клиента", "Клиент", "Выручка", "Последний заказ", "Статус", "Ключевой", "Решение", "Кто", "К какому дню")
    assert cells[0] == ("1", "Ромашка", 12.2, datetime(2026, 11, 13), "потерянный", True, "Спросить", "Петров", datetime(2026, 11, 27))
    assert cells[1] == ("7", "Новый", 3, None, None, False, None, None, None)
    assert len(cells) == 3


def test_client_of_a_question_leads_to_its_row_where_the_review_has_one():
    sheet = opened(reviews.asked())["12.1 Кто  <всё>"]
    links = {cell.coordinate: cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink}
    assert set(links) == {"A4", "B4"} and all(place.startswith("'Клиенты'!") for place in links.values())


def test_cover_lists_the_questions_those_without_an_answer_too():
    rows = list(opened(reviews.asked())["Итоги"].iter_rows(values_only=True))
    first = next(number for number, row in enumerate(rows) if row[0] == "12. Свои вопросы к данным")
    assert [row[:3] for row in rows[first + 2 :]] == [
        ("Кто: <всё>", 3, None),
        ("Кто: <всё>", 25, "больше 25 строк. Вопрос не учитывает фильтр (Менеджер): строки — по всем."),
        ("Пусто", 0, "Ничего нет."),
        ("Сломан", None, "Нет ответа. Строка 1, знак 8: нет <b>такого</b>."),
    ]
    assert not any(row[0] == "12. Свои вопросы к данным" for row in opened()["Итоги"].iter_rows(values_only=True))
    assert [name for name in opened(reviews.asked(), EN).sheetnames if name.startswith("12.")] == ["12.1 Кто  <всё>", "12.2 Кто  <всё>"]

"""Where the table of a sheet lies: headers on two levels, spacer columns, what stands above, the period said there."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
import xlsxwriter

from kam import imports
from kam.imports import Upload
from kam.layout import layout, period_of
from kam.readers import read_file
from kam.recognise import recognise
from kam.workspace import Workspace


def cells(text: str) -> pa.Table:
    """`a | b` lines as a table of text cells."""
    rows = [[cell.strip() or None for cell in line.split("|")] for line in text.strip("\n").splitlines()]
    width = max(len(row) for row in rows)
    padded = [row + [None] * (width - len(row)) for row in rows]
    return pa.table({str(i): pa.array([row[i] for row in padded], pa.string()) for i in range(width)})


def onec_book(path: Path, rows: list[tuple[str, str, int, float]], period: str) -> Upload:
    """A report as 1C writes it: a preamble, a header of two levels in rows 5 and 6, merged cells, spacer columns."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("TDSheet")
    sheet.write(0, 0, "Продажи по клиентам")
    sheet.write(1, 0, f"Период: {period}")
    sheet.write(2, 0, "Отбор: Организация Равно Ромашка")
    for column, title in ((0, "Контрагент"), (2, "Дата"), (3, "Номер")):
        sheet.merge_range(4, column, 5, column, title) if column else sheet.merge_range(4, 0, 5, 1, title)
    sheet.merge_range(4, 4, 4, 6, "Продажи")
    sheet.write(5, 4, "Количество")
    sheet.write(5, 6, "Сумма")
    for number, (client, day, quantity, amount) in enumerate(rows):
        sheet.merge_range(6 + number, 0, 6 + number, 1, client)
        sheet.write(6 + number, 2, day)
        sheet.write(6 + number, 3, f"000{number + 1}")
        sheet.write(6 + number, 4, quantity)
        sheet.merge_range(6 + number, 4, 6 + number, 5, quantity)
        sheet.write(6 + number, 6, amount)
    book.close()
    return Upload(path.name, path)


QUARTER = [("Альфа", "15.01.2026", 2, 100.5), ("Бета", "10.02.2026", 1, 200.0), ("Альфа", "05.03.2026", 3, 300.0)]


def test_a_header_of_two_levels_is_joined_and_spacer_columns_are_dropped(tmp_path):
    upload = onec_book(tmp_path / "Продажи.xlsx", QUARTER, "01.01.2026 – 31.03.2026")
    (sheet,) = read_file(upload.path, upload.name)
    found = recognise(sheet)
    assert [(column.header, column.field) for column in found.columns] == [
        ("Контрагент", "client"), ("Дата", "date"), ("Номер", "order_id"),
        ("Продажи / Количество", "quantity"), ("Продажи / Сумма", "amount"),
    ]  # fmt: skip
    assert (found.table, found.header_row, found.questions) == ("orders", 6, ())
    assert found.period == (date(2026, 1, 1), date(2026, 3, 31))


def test_rows_of_the_period_a_file_covers_are_replaced_even_those_before_its_first_row(tmp_path):
    ws = Workspace(tmp_path / "workspace")
    whole = "01.01.2026 – 31.03.2026"
    (first,) = imports.load(ws, [onec_book(tmp_path / "one.xlsx", QUARTER, whole)])
    assert (first.rows_loaded, first.amount, first.error) == (3, Decimal("600.5"), None)
    # January's order was deleted in 1C: the file still covers January.
    (second,) = imports.load(ws, [onec_book(tmp_path / "two.xlsx", QUARTER[1:2], whole)])
    assert (second.rows_loaded, second.replaced_rows) == (1, 3)
    lines = ws.fetch("marts.evidence_orders").to_pylist()
    assert [(str(line["ordered_on"]), line["amount"]) for line in lines] == [("2026-02-10", 200)]


def test_two_rows_of_words_are_a_header_and_its_first_row_unless_one_names_the_other():
    found = layout(cells("ФИО | Должность | | Телефон\nИванов Иван | Директор | Москва | 8 800 1"))
    assert (found.bottom, found.levels) == (0, {})
    found = layout(cells("Клиент | | План | | Факт\n | | Сумма | | Сумма | Маржа"))
    assert dict(found.headers) == {0: "Клиент", 2: "План / Сумма", 4: "Факт / Сумма", 5: "Факт / Маржа"}


def test_a_title_over_the_table_is_no_level_of_the_header():
    found = layout(cells("Продажи за март 2026 | | |\nДата | Клиент | Сумма\n01.03.2026 | Альфа | 1"))
    assert (found.top, dict(found.headers)) == (1, {0: "Дата", 1: "Клиент", 2: "Сумма"})
    assert found.period == (date(2026, 3, 1), date(2026, 3, 31))
    centred = layout(cells(" | | Отчёт 5 | |\nДата | Клиент | Сумма | Маржа | НДС"))
    assert (centred.top, centred.period) == (1, None)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Период: 01.01.2026 – 31.03.2026", "2026-01-01", "2026-03-31"),
        ("Период: с 01.01.2026 по 31.03.2026", "2026-01-01", "2026-03-31"),
        ("Период: 01.01.2026 0:00:00 - 31.03.2026 23:59:59", "2026-01-01", "2026-03-31"),
        ("Period: 2026-01-01 to 2026-03-31", "2026-01-01", "2026-03-31"),
        ("Период: Январь 2026 г. – Март 2026 г.", "2026-01-01", "2026-03-31"),
        ("Период: Февраль 2024 г.", "2024-02-01", "2024-02-29"),
        ("за май 2026", "2026-05-01", "2026-05-31"),
        ("for June 2026", "2026-06-01", "2026-06-30"),
        ("Период: 1 квартал 2026 г.", "2026-01-01", "2026-03-31"),
        ("Период: 2 полугодие 2025 г.", "2025-07-01", "2025-12-31"),
        ("Период: 2025 г.", "2025-01-01", "2025-12-31"),
    ],
)
def test_a_period_is_read_as_reports_write_it(text: str, first: str, last: str):
    assert period_of(text) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("text", ["Период: 31.03.2026", "Период: 31.03.2026 – 01.01.2026", "31.02.2026 – 01.03.2026", "2026"])
def test_what_is_no_period_covers_nothing(text: str):
    assert period_of(f"{text} рублей") is None


# One column of several levels.

DOCUMENT = "Реализация товаров и услуг 0000-0000{} от {} 12:00:00"
LEVELLED = [
    ("Альфа", 0, 400.5), (DOCUMENT.format(31, "15.01.2026"), 1, 100.5), (DOCUMENT.format(32, "05.03.2026"), 1, 300.0),
    ("Бета", 0, 200.0), (DOCUMENT.format(33, "10.02.2026"), 1, 200.0), ("Итого", 0, 600.5),
]  # fmt: skip


def levelled_book(path: Path, how: str) -> Upload:
    """Clients and their documents in one column; the depth of a row is its outline, its indent, or told by nothing."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("TDSheet")
    sheet.write(0, 0, "Период: 01.01.2026 - 31.03.2026")
    sheet.write_row(2, 0, ["Контрагент", "Сумма"])
    sheet.write(3, 0, "Документ")
    for row, (name, depth, amount) in enumerate(LEVELLED, start=4):
        indented = book.add_format({"indent": depth * 2}) if how == "indent" and depth else None
        sheet.write(row, 0, name, indented)
        sheet.write(row, 1, amount)
        if how == "outline" and depth:
            sheet.set_row(row, None, None, {"level": depth})
    book.close()
    return Upload(path.name, path)


@pytest.mark.parametrize("how", ["outline", "indent", "nothing"])
def test_clients_and_their_documents_in_one_column_become_orders(tmp_path, how):
    ws = Workspace(tmp_path / "workspace")
    (report,) = imports.load(ws, [levelled_book(tmp_path / "Продажи.xlsx", how)])
    assert (report.error, report.rows_loaded, report.rows_rejected) == (None, 3, 0)
    assert [(row.row_number, row.kind) for row in report.left_out] == [(5, "group"), (8, "group"), (10, "total")]
    assert (report.amount, report.total_difference) == (Decimal("600.5"), 0)
    lines = ws.fetch("marts.evidence_orders").to_pylist()
    assert sorted((line["client_id"], str(line["ordered_on"]), line["amount"]) for line in lines) == [
        ("Альфа", "2026-01-15", Decimal("100.5")), ("Альфа", "2026-03-05", 300), ("Бета", "2026-02-10", 200),
    ]  # fmt: skip


def test_three_levels_by_their_outline(tmp_path):
    path = tmp_path / "Продажи.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("TDSheet")
    sheet.write_row(0, 0, ["Контрагент", "Сумма"])
    sheet.write(1, 0, "Номенклатура")
    sheet.write(2, 0, "Документ")
    rows = [("Альфа", 0, 400), ("Стол", 1, 300), (DOCUMENT.format(1, "15.01.2026"), 2, 100),
            (DOCUMENT.format(2, "16.01.2026"), 2, 200), ("Стул", 1, 100), (DOCUMENT.format(2, "16.01.2026"), 2, 100)]  # fmt: skip
    for row, (name, depth, amount) in enumerate(rows, start=3):
        sheet.write_row(row, 0, [name, amount])
        sheet.set_row(row, None, None, {"level": depth})
    book.close()
    ws = Workspace(tmp_path / "workspace")
    (report,) = imports.load(ws, [Upload(path.name, path)])
    assert (report.error, report.rows_loaded, report.amount) == (None, 3, 400)
    assert [column.field for column in report.recognition.columns] == ["client", "amount", "product", "order_id", "date"]


def test_a_document_that_carries_the_only_date_gives_it(tmp_path):
    path = tmp_path / "реализации.csv"
    path.write_text(
        f"Контрагент;Документ;Сумма\nАльфа;{DOCUMENT.format(31, '15.07.2026')};100\nБета;Корректировка;50\n", encoding="utf-8"
    )
    rows = "".join(f"Альфа;{DOCUMENT.format(number, '16.07.2026')};1\n" for number in range(40, 60))
    path.write_text(path.read_text(encoding="utf-8") + rows, encoding="utf-8")
    ws = Workspace(tmp_path / "workspace")
    (report,) = imports.load(ws, [Upload(path.name, path)])
    assert (report.error, report.rows_loaded, report.reasons, report.amount) == (None, 21, {"date_missing": 1}, 120)


# Several tables on one sheet.

TWO_TABLES = """Продажи за квартал;;;
Дата;Контрагент;Сумма;
15.01.2026;Альфа;100;
05.03.2026;Бета;200;
Итого;;300;
;;;
;;;
Касания менеджеров;;;
Дата;Клиент;Канал;Результат
16.01.2026;Альфа;Звонок;Договорились
17.01.2026;Бета;Встреча;Перезвонить
;;;
Ответственный;(подпись);;
"""


def test_two_tables_under_each_other_are_two(tmp_path):
    path = tmp_path / "отчёт.csv"
    path.write_text(TWO_TABLES, encoding="utf-8")
    ws = Workspace(tmp_path / "workspace")
    orders, touches = imports.load(ws, [Upload(path.name, path)])
    assert (orders.sheet, orders.table, orders.rows_loaded, orders.amount, orders.total) == ("отчёт", "orders", 2, 300, 300)
    assert (touches.sheet, touches.table, touches.rows_loaded) == ("отчёт (2)", "touches", 2)
    assert touches.recognition.header_row == 9
    again = imports.load(ws, [Upload(path.name, path)])
    assert [(report.rows_loaded, report.replaced_rows) for report in again] == [(2, 2), (2, 2)]


def test_a_header_repeated_after_a_page_break_begins_no_other_table(tmp_path):
    path = tmp_path / "отчёт.csv"
    header = "Дата;Контрагент;Сумма\n"
    path.write_text(f"{header}15.01.2026;Альфа;100\n;;\n{header}16.01.2026;Бета;50\n", encoding="utf-8")
    (report,) = imports.inspect(Workspace(tmp_path / "workspace"), [Upload(path.name, path)])
    assert (report.rows_loaded, report.amount) == (2, 150)


def loaded(tmp_path: Path, name: str, text: str) -> list[imports.SheetReport]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return imports.inspect(Workspace(tmp_path / "workspace"), [Upload(path.name, path)])


def test_a_second_header_without_a_blank_row_begins_another_table(tmp_path):
    text = TWO_TABLES.replace(";;;\n;;;\n", "", 1).replace("Касания", "Касания ключевых", 1)
    assert ";;;\n;;;" not in text
    orders, touches = loaded(tmp_path, "отчёт.csv", text)
    assert (orders.table, orders.rows_loaded, orders.amount, orders.total) == ("orders", 2, 300, 300)
    assert (touches.sheet, touches.table, touches.rows_loaded) == ("отчёт (2)", "touches", 2)
    assert touches.recognition.header_row == 7


def test_a_sheet_of_which_no_column_is_full_and_no_row_blank_is_one_table(tmp_path):
    (report,) = loaded(tmp_path, "а.csv", "Отчёт;;\n;Период: май 2026;\nДата;Клиент;Сумма\n15.05.2026;А;1\n")
    assert (report.error, report.rows_loaded) == (None, 1)


def test_words_in_a_column_of_figures_are_no_header(tmp_path):
    (report,) = loaded(tmp_path, "а.csv", "Клиент;Дата;Сумма\nА;15.01.2026;1\nКлиент;позже;по прайсу\nБ;16.01.2026;2\n")
    assert (report.rows_loaded, report.amount, sum(report.reasons.values())) == (2, 3, 1)


BESIDE = """
Продажи | | | | Касания | |
Клиент | Дата | Сумма | | Клиент | Дата | Канал
Альфа | 15.01.2026 | 100 | | Альфа | 16.01.2026 | Звонок
Бета | 05.03.2026 | 200 | | Бета | 17.01.2026 | Встреча
 | | | | Гамма | 18.01.2026 | Звонок
Итого | | 300 | | | |
"""


def test_two_tables_side_by_side_are_two(tmp_path):
    lines = [";".join(cell.strip() for cell in line.split("|")) for line in BESIDE.strip("\n").splitlines()]
    orders, touches = loaded(tmp_path, "рядом.csv", "\n".join(lines))
    assert (orders.sheet, orders.table, orders.rows_loaded, orders.amount, orders.total) == ("рядом", "orders", 2, 300, 300)
    assert (touches.sheet, touches.table, touches.rows_loaded, touches.reasons) == ("рядом (2)", "touches", 3, {})


def test_a_spacer_column_inside_one_table_tells_no_tables_apart(tmp_path):
    text = "Клиент;;Дата;Сумма;;Менеджер;Регион\nАльфа;;15.01.2026;100;;Иванов;Москва\n"
    (report,) = loaded(tmp_path, "а.csv", text)
    assert (report.table, report.rows_loaded, report.recognition.column_of("manager").header) == ("orders", 1, "Менеджер")


# Merged cells.


def merged_book(path: Path) -> Upload:
    """An order a block: client, number and date merged over its lines, the amount of the second over both of them."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    for column, title in ((1, "Клиент"), (2, "Номер заказа"), (3, "Дата"), (6, "Менеджер")):
        sheet.merge_range(0, column, 1, column, title)
    sheet.merge_range(0, 4, 0, 5, "Продажи")
    sheet.write_row(1, 4, ["Товар", "Сумма"])
    sheet.write(1, 7, "Регион")
    for row, client, number in ((2, "Альфа", "0001"), (4, "Бета", "0002")):
        for column, text in ((1, client), (2, number), (3, "15.01.2026"), (6, "Иванов")):
            sheet.merge_range(row, column, row + 1, column, text)
        sheet.write_column(row, 4, ["Стол", "Стул"])
    sheet.write_column(2, 5, [100, 50])
    sheet.merge_range(4, 5, 5, 5, 70)
    book.close()
    return Upload(path.name, path)


def test_merged_cells_name_their_columns_and_speak_for_their_rows(tmp_path):
    ws = Workspace(tmp_path / "workspace")
    (report,) = imports.load(ws, [merged_book(tmp_path / "заказы.xlsx")])
    assert [column.header for column in report.recognition.columns] == [
        "Клиент", "Номер заказа", "Дата", "Продажи / Товар", "Продажи / Сумма", "Менеджер", "Регион",
    ]  # fmt: skip
    assert (report.error, report.rows_loaded, report.continued, report.amount, report.reasons) == (None, 3, 1, 220, {})
    assert [(row.row_number, row.kind) for row in report.left_out] == [(6, "continued")]
    with duckdb.connect(ws.datasets.path(ws.dataset_id or ""), read_only=True) as dataset:
        lines = dataset.execute("select order_id, ordered_on, product, amount, manager from core.order_lines").fetchall()
    day = date(2026, 1, 15)
    assert sorted(lines) == [
        ("0001", day, "Стол", 100, "Иванов"), ("0001", day, "Стул", 50, "Иванов"), ("0002", day, "Стол", 70, "Иванов"),
    ]  # fmt: skip


PAGE = """<table><tr><th rowspan="2">Клиент</th><th rowspan="2">Дата</th><th colspan="2">Продажи</th></tr>
<tr><th>Товар</th><th>Сумма</th></tr>
<tr><td rowspan="2">Альфа</td><td rowspan="2">15.01.2026</td><td>Стол</td><td>100</td></tr>
<tr><td>Стул</td><td>50</td></tr>
<tr><td>Бета</td><td>16.01.2026</td><td>Стол</td><td>70</td></tr></table>"""


def test_a_cell_over_several_rows_of_a_page_shifts_nothing(tmp_path):
    (report,) = loaded(tmp_path, "а.xls", PAGE)
    assert [column.header for column in report.recognition.columns] == ["Клиент", "Дата", "Продажи / Товар", "Продажи / Сумма"]
    assert (report.error, report.rows_loaded, report.amount, report.reasons) == (None, 3, 220, {})

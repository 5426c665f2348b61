"""What real exports do, trap by trap: files made here, loaded through the door that the screens use, exact rows and sums."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
import xlsxwriter

from kam import imports, people
from kam.imports import EVERY_SHEET, SheetReport, Upload
from kam.recognise import Correction
from kam.workspace import Workspace
from tests.kam import books
from tests.kam.books import zipped

Order = tuple[str, str, Decimal]
BESIDE = Correction(None, beside=True)  # one order in several forms, each to be read


class Desk:
    """A workspace and what is put before it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ws = Workspace(folder / "workspace")

    def load(self, files: Mapping[str, str | bytes], told: Correction | None = None) -> list[SheetReport]:
        uploads = []
        for number, (name, content) in enumerate(files.items()):
            path = self.folder / str(number)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
            uploads.append(Upload(name, path))
        return imports.load(self.ws, uploads, corrections={EVERY_SHEET: told} if told else None)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(self.ws.datasets.path(self.ws.dataset_id or ""), read_only=True) as dataset:
            return dataset.execute(sql).fetchall()

    def orders(self) -> list[Order]:
        lines = self.ws.fetch("marts.evidence_orders").to_pylist()
        return sorted((line["client_id"], str(line["ordered_on"]), line["amount"]) for line in lines)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def sheet_of(text: str) -> list[list[str]]:
    """`a | b` lines as rows of cells."""
    return [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]


def lines_of(rows: Sequence[Sequence[str]], separator: str = ";") -> str:
    return "".join(separator.join(row) + "\n" for row in rows)


def semicolons(text: str) -> str:
    return lines_of(sheet_of(text))


def xlsx(fill: Callable[[Any, Any], None], **options: Any) -> bytes:
    """A book that `fill` writes: it is given the book and its first sheet."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, **options})
    fill(book, book.add_worksheet(options.get("sheet", "TDSheet")))
    book.close()
    return target.getvalue()


def plain(rows: Sequence[Sequence[Any]]) -> bytes:
    def fill(_: Any, sheet: Any) -> None:
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)

    return xlsx(fill)


def failures(reports: Sequence[SheetReport]) -> list[str]:
    return [f"{report.file}: {report.error.key}" for report in reports if report.error]


THREE = sheet_of("""
    Контрагент | Дата | Сумма
    Альфа | 15.01.2026 | 100,50
    Бета | 10.02.2026 | 200
    Альфа | 05.03.2026 | 300
""")
THREE_ORDERS = [("Альфа", "2026-01-15", Decimal("100.5")), ("Альфа", "2026-03-05", 300), ("Бета", "2026-02-10", 200)]


def test_trap_1_books_of_1c(desk: Desk) -> None:
    """1C xlsx with xl/SharedStrings.xml; zip paths with backslashes; sheet TDSheet."""
    with zipfile.ZipFile(io.BytesIO(plain(THREE))) as book:
        members = {name: book.read(name).replace(b"sharedStrings.xml", b"SharedStrings.xml") for name in book.namelist()}
    assert "xl/sharedStrings.xml" in members
    mended = {name.replace("sharedStrings", "SharedStrings").replace("/", "\\"): text for name, text in members.items()}
    (report,) = desk.load({"Продажи.xlsx": zipped(mended)})
    assert (report.error, report.sheet, report.rows_loaded, report.amount) == (None, "TDSheet", 3, Decimal("600.5"))
    assert desk.orders() == THREE_ORDERS


def of(client: str) -> list[list[str]]:
    return [THREE[0], *([client, *row[1:]] for row in THREE[1:])]


def page(rows: Sequence[Sequence[str]]) -> str:
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<html><head><meta charset="utf-8"></head><body><table border="1">{lines}</table></body></html>'


def test_trap_2_every_format_under_every_name(desk: Desk) -> None:
    """HTML tables named .xls (Bitrix24); text named .xls; real .xls, .xlsb, .ods; csv, tsv; zip of several."""
    several = zipped({"папка/в архиве.csv": lines_of(of("zip csv")), "книга.xlsx": plain(of("zip xlsx"))})
    reports = desk.load({
        "битрикс.xls": page(of("html")), "текст.xls": lines_of(of("text"), "\t").encode("utf-16"),
        "старая.xls": books.xls(of("xls")), "двоичная.xlsb": books.xlsb(of("xlsb")), "открытая.ods": books.ods(of("ods")),
        "а.csv": lines_of(of("csv")), "а.tsv": lines_of(of("tsv"), "\t"), "несколько.zip": several,
    })  # fmt: skip
    assert failures(reports) == []
    assert {report.file: report.amount for report in reports} == dict.fromkeys(
        ["битрикс.xls", "текст.xls", "старая.xls", "двоичная.xlsb", "открытая.ods", "а.csv", "а.tsv",
         "несколько.zip › в архиве.csv", "несколько.zip › книга.xlsx"], Decimal("600.5"),
    )  # fmt: skip
    clients = ["html", "text", "xls", "xlsb", "ods", "csv", "tsv", "zip csv", "zip xlsx"]
    days = [(day, amount) for _, day, amount in sorted(THREE_ORDERS, key=lambda order: order[1])]
    assert desk.orders() == sorted((client, day, amount) for client in clients for day, amount in days)


def two_levels(_: Any, sheet: Any) -> None:
    sheet.write(0, 0, "Продажи")
    sheet.write(1, 0, "Период: 01.01.2026 – 31.03.2026")
    sheet.write(2, 0, "Отбор: Организация Равно Ромашка")
    sheet.merge_range(4, 0, 5, 1, "Контрагент")
    sheet.merge_range(4, 2, 5, 2, "Дата")
    sheet.merge_range(4, 3, 4, 6, "Продажи")
    sheet.write(5, 3, "Количество")
    sheet.write(5, 5, "Сумма")
    for row, (client, day, amount) in enumerate(THREE[1:], start=6):
        sheet.merge_range(row, 0, row, 1, client)
        sheet.write_row(row, 2, [day, 1])
        sheet.write(row, 5, amount)


def test_trap_3_where_the_header_stands(desk: Desk) -> None:
    """Preamble rows; a header of two levels with merged cells and spacer columns; header in row 5; no header."""
    (levels,) = desk.load({"два уровня.xlsx": xlsx(two_levels)})
    assert levels.error is None and levels.recognition is not None
    assert (levels.recognition.header_row, levels.period) == (6, (date(2026, 1, 1), date(2026, 3, 31)))
    assert [column.header for column in levels.recognition.columns] == [
        "Контрагент", "Дата", "Продажи / Количество", "Продажи / Сумма",
    ]  # fmt: skip
    assert desk.orders() == THREE_ORDERS
    fifth = [["Отчёт по продажам"], ["Период: 1 квартал 2026 г."], ["Менеджер: все"], [], *of("пятая")]
    (report,) = desk.load({"пятая.xlsx": plain(fifth)})
    assert report.error is None and report.recognition is not None
    assert (report.recognition.header_row, report.amount) == (5, Decimal("600.5"))
    bare = lines_of(of("без заголовка")[1:])
    (asked,) = desk.load({"без заголовка.csv": bare})
    assert failures([asked]) == ["без заголовка.csv: recognise.no_header"]
    (told,) = desk.load({"без заголовка.csv": bare}, Correction("orders", {"#1": "client", "#2": "date", "#3": "amount"}))
    assert (told.error, told.rows_loaded, told.amount) == (None, 3, Decimal("600.5"))
    assert sum(amount for _, _, amount in desk.orders()) == 3 * Decimal("600.5")


def grouped(how: str) -> Callable[[Any, Any], None]:
    def fill(book: Any, sheet: Any) -> None:
        deeper = [None, *(book.add_format({"indent": depth}) for depth in (1, 2))]
        sheet.write_row(0, 0, ["Контрагент", "Дата", "Сумма"])
        rows = [("Москва", 0, "", 600.5), ("Альфа", 1, "", 400.5), ("Альфа", 2, "15.01.2026", 100.5),
                ("Альфа", 2, "05.03.2026", 300), ("Бета", 1, "", 200), ("Бета", 2, "10.02.2026", 200),
                ("Итого", 0, "", 600.5)]  # fmt: skip
        for row, (name, depth, day, amount) in enumerate(rows, start=1):
            sheet.write(row, 0, name, deeper[depth] if how == "indent" else None)
            sheet.write_row(row, 1, [day, amount])
            if how == "outline":
                sheet.set_row(row, None, None, {"level": depth})

    return fill


FOOTED = """
    Контрагент | Дата | Товар | Сумма
    Итого вкусный товар | 15.01.2026 | Всего понемногу | 100,50
    Бета | 10.02.2026 | Итого вкусный товар | 200
    Итого | | | 300,50
    Гамма | 11.02.2026 | Стол | 5 699
    Итого: | | | 5 699
    Общий итог | | | 5 999,50
    Grand Totals (5700 records) | | | 5 999,50
    Ответственный | (подпись) | (расшифровка подписи) |
    Confidential Information - Do Not Distribute | | |
"""


def test_trap_4_group_rows_are_sums_of_their_children(desk: Desk) -> None:
    """Group rows that already hold the sum of their children (outline level or indent)."""
    reports = desk.load({f"{how}.xlsx": xlsx(grouped(how)) for how in ("outline", "indent")}, BESIDE)
    for report in reports:
        assert (report.error, report.rows_loaded, report.reasons) == (None, 3, {})
        assert [(row.row_number, row.kind) for row in report.left_out] == [(2, "group"), (3, "group"), (6, "group"), (8, "total")]
        assert (report.amount, report.total_difference) == (Decimal("600.5"), 0)
    assert desk.orders() == sorted(THREE_ORDERS * 2)


def test_trap_4_totals_and_footers_by_the_whole_cell(desk: Desk) -> None:
    """Итого, Общий итог, Grand Totals (5700 records), footers, (подпись). "Итого вкусный товар" is a product."""
    (report,) = desk.load({"итоги.csv": semicolons(FOOTED)})
    assert (report.error, report.rows_loaded, report.reasons) == (None, 3, {})
    assert [(row.row_number, row.kind) for row in report.left_out] == [
        (4, "total"), (6, "total"), (7, "total"), (8, "total"), (9, "footer"), (10, "footer"),
    ]  # fmt: skip
    assert (report.amount, report.total, report.total_difference) == (Decimal("5999.5"), Decimal("5999.5"), 0)
    assert desk.orders() == [
        ("Бета", "2026-02-10", 200), ("Гамма", "2026-02-11", 5699), ("Итого вкусный товар", "2026-01-15", Decimal("100.5")),
    ]  # fmt: skip


def dated(client: str, *days: str) -> str:
    return "Контрагент;Дата;Сумма\n" + "".join(f"{client};{day};1\n" for day in days)


def book_of_1904(book: Any, sheet: Any) -> None:
    sheet.write_row(0, 0, ["Контрагент", "Дата", "Сумма"])
    sheet.write(1, 0, "1904")
    sheet.write_datetime(1, 1, datetime(2026, 1, 15), book.add_format({"num_format": "dd.mm.yyyy"}))
    sheet.write(1, 2, 1)


DOCUMENT = "Реализация товаров и услуг 0000-000031 от 15.07.2026 12:00:00"


def test_trap_5_dates(desk: Desk) -> None:
    """Text dd.mm.yyyy, with time, Excel serials inside csv, 1904 books, дек. 2025; d/m against m/d from all values."""
    reports = desk.load({
        "текст.csv": dated("текст", "15.01.2026", "05.03.2026 10:15:00", "5.3.2026 9:05", "2026-03-06T10:00:00"),
        "числа.csv": dated("числа", "46037", "46037.5", "46086,25"),
        "1904.xlsx": xlsx(book_of_1904, date_1904=True),
        "месяцы.csv": dated("месяцы", "дек. 2025", "Январь 2026", "15 мая 2026 г."),
        "день впереди.csv": dated("день впереди", "03/04/2026", "13/04/2026"),
        "месяц впереди.csv": dated("месяц впереди", "03/04/2026", "04/13/2026 10:15"),
        "документ.csv": f"Контрагент;Документ;Сумма\nдокумент;{DOCUMENT};1\n",
        "неясно.csv": dated("неясно", "03/04/2026", "05/06/2026"),
    })  # fmt: skip
    assert failures(reports) == ["неясно.csv: recognise.ambiguous_dates"]
    assert [report.reasons for report in reports if report.reasons] == []
    found: dict[str, list[str]] = {}
    for client, day, _ in desk.orders():
        found.setdefault(client, []).append(day)
    assert found == {
        "текст": ["2026-01-15", "2026-03-05", "2026-03-05", "2026-03-06"],
        "числа": ["2026-01-15", "2026-01-15", "2026-03-05"], "1904": ["2026-01-15"],
        "месяцы": ["2025-12-01", "2026-01-01", "2026-05-15"], "день впереди": ["2026-04-03", "2026-04-13"],
        "месяц впереди": ["2026-03-04", "2026-04-13"], "документ": ["2026-07-15"],
    }  # fmt: skip
    (told,) = desk.load({"неясно.csv": dated("неясно", "03/04/2026", "05/06/2026")}, Correction(None, {}, {"Дата": "mdy"}))
    assert (told.error, told.rows_loaded) == (None, 2)
    assert [day for client, day, _ in desk.orders() if client == "неясно"] == ["2026-03-04", "2026-05-06"]


def test_trap_5_what_stands_where_there_is_no_date(desk: Desk) -> None:
    """`не закрыта` and `01.01.0001` are no date: an open promise, an order that lacks its date; neither is a mistake."""
    promises, orders = desk.load({
        "задачи.csv": semicolons("""
            ID | Название | Крайний срок | Дата завершения | Контрагент | Дата создания
            1 | Прислать счёт | 31.03.2026 | не закрыта | Альфа | 01.03.2026
            2 | Позвонить | 01.01.0001 | 01.01.0001 0:00:00 | Альфа | 01.03.2026
            3 | Приехать | 31.03.2026 | 30.03.2026 18:00:00 | Альфа | 01.03.2026
        """),
        "заказы.csv": dated("Альфа", "01.01.0001", "15.01.2026", "вчера"),
    })  # fmt: skip
    assert (promises.error, promises.rows_loaded, promises.reasons) == (None, 3, {})
    assert orders.reasons == {"date_missing": 1, "date_unreadable": 1}
    states = desk.ws.fetch("marts.promise_states", as_of=date(2026, 4, 1)).to_pylist()
    assert [(row["promise_id"], row["state"], row["done_on"]) for row in states] == [
        ("1", "overdue", None), ("2", "undated", None), ("3", "kept_on_time", date(2026, 3, 30)),
    ]  # fmt: skip


def priced(client: str, *amounts: str) -> str:
    return "Контрагент;Дата;Сумма\n" + "".join(f"{client};{day:02d}.01.2026;{text}\n" for day, text in enumerate(amounts, 1))


def test_trap_6_numbers(desk: Desk) -> None:
    """No-break and thin spaces, decimal comma, 1,234.56, (1 234,56), —, 30%, 9 000 ₽; one convention per column."""
    reports = desk.load({
        "запятая.csv": priced("запятая", "1\u00a0234,56", "1\u2009234,5", "1\u202f234", "1 234,56", "7"),
        "точка.csv": priced("точка", "1,234.56", "1,234", "0.5"),
        "скобки.csv": priced("скобки", "(1 234,56)", "5 000", "—"),
        "рубли.csv": priced("рубли", "9 000 ₽", "9\u00a0000,50 руб.", "-1 ₽"),
        "неясно.csv": priced("неясно", "1,234", "2,345"),
        "скидки.csv": "Контрагент;Дата;Сумма;Скидка\nскидки;01.01.2026;100;30%\nскидки;02.01.2026;100;12,5%\n",
    })  # fmt: skip
    assert failures(reports) == ["неясно.csv: recognise.ambiguous_numbers"]
    assert {report.file: report.amount for report in reports if not report.error} == {
        "запятая.csv": Decimal("4944.62"), "точка.csv": Decimal("2469.06"), "скобки.csv": Decimal("3765.44"),
        "рубли.csv": Decimal("17999.5"), "скидки.csv": 200,
    }  # fmt: skip
    # A dash is no zero: the row says that it has no amount.
    assert [(report.file, report.reasons) for report in reports if report.reasons] == [("скобки.csv", {"amount_missing": 1})]
    assert [amount for client, _, amount in desk.orders() if client == "запятая"] == [
        Decimal("1234.56"), Decimal("1234.5"), 1234, Decimal("1234.56"), 7,
    ]  # fmt: skip
    assert desk.rows("select discount from core.order_lines where discount is not null order by ordered_on") == [
        (Decimal("30"),), (Decimal("12.5"),),
    ]  # fmt: skip


def test_trap_7_ids_are_text(desk: Desk) -> None:
    """Leading zeros, tax ids as floats (7701234567.0), 20-digit numbers, case-sensitive ids."""
    clients = """
        ID клиента | Название | ИНН | Менеджер
        0007 | Ноль | 7701234567.0 | Иванов
        7 | Семь | 0012345678 | Иванов
        12345678901234567890 | Длинный | 12345678901234567891 | Иванов
        003Ab | Строчная | | Иванов
        003AB | Прописная | | Иванов
    """
    orders = plain([
        ["Номер заказа", "ID клиента", "ИНН", "Дата", "Сумма"],
        ["00012", "0007", "", "15.01.2026", 1], [12, 7, "", "15.01.2026", 2], ["a", "12345678901234567890", "", "15.01.2026", 4],
        ["A", "003Ab", "", "15.01.2026", 8], ["b", "003AB", "", "15.01.2026", 16], ["c", "", 7701234567.0, "16.01.2026", 32],
    ])  # fmt: skip
    reports = desk.load({"клиенты.csv": semicolons(clients), "заказы.xlsx": orders})
    assert failures(reports) == []
    assert [report.rows_loaded for report in reports] == [5, 6]
    assert desk.orders() == [
        ("0007", "2026-01-15", 1), ("0007", "2026-01-16", 32), ("003AB", "2026-01-15", 16), ("003Ab", "2026-01-15", 8),
        ("12345678901234567890", "2026-01-15", 4), ("7", "2026-01-15", 2),
    ]  # fmt: skip
    assert {order for (order,) in desk.rows("select order_id from core.order_lines")} == {"00012", "12", "a", "A", "b", "c"}
    assert desk.rows("select client_id, tax_id from core.clients where tax_id is not null order by client_id") == [
        ("0007", "7701234567"), ("12345678901234567890", "12345678901234567891"), ("7", "0012345678"),
    ]  # fmt: skip


HEADERS = {
    # doubled, blank, trailing space or *, no-break spaces, a Latin letter in a Cyrillic word, ё and е
    "Контрагент;Дата ;Сумма*;Сумма*;;Товар": ["client", "date", "amount", None, None, "product"],
    "Партнeр;Дата\u00a0документа;Cуммa\u202fдокумента": ["client", "date", "amount"],
    "Партнёр ;ДАТА;  сумма  ": ["client", "date", "amount"],
    # Pipedrive and EspoCRM
    "Deal - Organization;Deal - Won time;Deal - Value;Deal - Owner": ["client", "date", "amount", "manager"],
    "accountName;closeDate;amount;assignedUserName": ["client", "date", "amount", "manager"],
}


def test_trap_8_headers(desk: Desk) -> None:
    """Headers doubled, blank, with marks and other letters, "Entity - Field", camelCase."""
    row = ["Альфа", "15.01.2026", "100", "100", "x", "Стол"]
    reports = desk.load({header: f"{header}\n" + lines_of([row[: len(fields)]]) for header, fields in HEADERS.items()}, BESIDE)
    assert failures(reports) == []
    found = {report.file: [column.field for column in report.recognition.columns] for report in reports if report.recognition}
    assert found == HEADERS
    assert desk.orders() == [("Альфа", "2026-01-15", 100)] * len(HEADERS)


FOREIGN = """
    Контрагент | Контрагент.Код | Номенклатура | Код | Номенклатура.Основной менеджер | Contact Owner | Менеджер | Дата | Сумма | Валюта
    Альфа | 0001 | Стол | 77 | Ким | Цой | Иванов | 15.01.2026 | 100 | руб.
    Бета | 0002 | Стул | 78 | Ким | Цой | Петров | 16.01.2026 | 50 | USD
    Альфа | 0001 | Лампа | 79 | Ким | Цой | Иванов | 17.01.2026 | 25 | RUB
"""
TAXED = """
    Контрагент | Дата | Сумма без НДС | Сумма с НДС
    Альфа | 15.01.2026 | 100,00 | 120,00
    Бета | 16.01.2026 | 1 000,50 | 1 200,60
"""
PAIRS = """
    Контрагент | Дата | Сумма | Валюта | Сумма скидки | Валюта скидки
    Гамма | 15.01.2026 | 9 000 ₽ | RUB | 10 | RUB
    Гамма | 16.01.2026 | 100 | EUR | 1 | EUR
"""


def test_trap_9_columns_of_somebody_else(desk: Desk) -> None:
    """Columns of somebody else; "Код" of the client or of the item; amount with and without VAT; pairs with currency."""
    foreign, taxed, pairs = desk.load({
        "чужие.csv": semicolons(FOREIGN), "ндс.csv": semicolons(TAXED), "пары.csv": semicolons(PAIRS),
    })  # fmt: skip
    assert foreign.recognition is not None
    assert {column.header: column.field for column in foreign.recognition.columns} == {
        "Контрагент": "client", "Контрагент.Код": "client_id", "Номенклатура": "product", "Код": None,
        "Номенклатура.Основной менеджер": None, "Contact Owner": None, "Менеджер": "manager", "Дата": "date",
        "Сумма": "amount", "Валюта": "currency",
    }  # fmt: skip
    assert (foreign.amount, foreign.reasons) == (125, {"other_currency": 1})
    assert (pairs.amount, pairs.reasons) == (9000, {"other_currency": 1})
    assert taxed.error is not None and taxed.error.key == "recognise.which_amount"
    assert taxed.error.facts["candidates"] == "«Сумма с НДС»: 1 320.60; «Сумма без НДС»: 1 100.50"
    assert desk.orders() == [("0001", "2026-01-15", 100), ("0001", "2026-01-17", 25), ("Гамма", "2026-01-15", 9000)]
    assert desk.rows("select distinct manager from core.order_lines where manager is not null") == [("Иванов",)]
    (told,) = desk.load({"ндс.csv": semicolons(TAXED)}, Correction("orders", {"Сумма без НДС": "amount", "Сумма с НДС": None}))
    assert told.amount == Decimal("1100.5")
    (clients,) = desk.load({"клиенты.csv": "Код;Наименование;Основной менеджер\n0001;ООО Альфа;Иванов\n"})
    assert (clients.error, clients.table) == (None, "clients")
    assert desk.rows("select client_id, client_name from core.clients where client_id = '0001'") == [("0001", "ООО Альфа")]


REQUISITES = """
    ID | Название компании | Ответственный | Реквизит: ID | Реквизит: Название | Реквизит: ИНН
    101 | Альфа | Иванов | 1 | ООО Альфа | 7701234567
     | | | 2 | ИП Альфов | 770987654321
    102 | Бета | Петров | 3 | ООО Бета | 7801234567
"""
ODOO = """
    Order Reference | Customer | Order Date | Order Lines/Product | Order Lines/Subtotal
    S1 | Alfa | 2026-01-15 | Table | 100.50
     | | | Chair | 20.25
    S2 | Beta | 2026-02-10 | Lamp | 30.00
     | | | Note: deliver by noon |
"""


def test_trap_10_rows_that_go_on_with_the_row_above(desk: Desk) -> None:
    """Continuation rows with blank parent cells: Bitrix requisites in a clients sheet, Odoo lines."""
    clients, lines, orders = desk.load({
        "компании.csv": semicolons(REQUISITES), "odoo.csv": semicolons(ODOO),
        "по инн.csv": "ИНН;Дата;Сумма\n770987654321;01.03.2026;7\n7701234567;02.03.2026;8\n",
    })  # fmt: skip
    assert (clients.error, clients.rows_loaded, clients.rows_rejected, clients.reasons) == (None, 3, 0, {})
    assert clients.continued == 1
    assert (lines.rows_loaded, lines.continued, lines.amount, lines.reasons) == (3, 1, Decimal("150.75"), {})
    assert desk.orders() == [
        ("101", "2026-03-01", 7), ("101", "2026-03-02", 8), ("Alfa", "2026-01-15", Decimal("20.25")),
        ("Alfa", "2026-01-15", Decimal("100.5")), ("Beta", "2026-02-10", 30),
    ]  # fmt: skip
    assert orders.reasons == {}
    assert desk.rows("select client_id, client_name, manager, tax_id from core.clients where client_id like '10%' order by 1") == [
        ("101", "Альфа", "Иванов", "7701234567"), ("102", "Бета", "Петров", "7801234567"),
    ]  # fmt: skip


RETURNS = """
    Номер | Контрагент | Дата | Вид операции | Количество | Цена | Сумма
    1 | Альфа | 15.01.2026 | Реализация товаров и услуг | 10 | 10 | 100
    2 | Альфа | 20.01.2026 | Возврат товаров от покупателя | 3 | 10 | 30
    3 | Альфа | 21.01.2026 | Возврат товаров от покупателя | -1 | 10 | -10
    4 | Бета | 15.01.2026 | Реализация товаров и услуг | 1 | 40 | 40
    5 | Бета | 16.01.2026 | Корректировка реализации | -1 | 15 | -15
"""
REVERSED = """
    InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID
    541431,23166,JAR,74215,2026-01-18 10:01:00,1.04,12346
    C541433,23166,JAR,-74215,2026-01-18 10:17:00,1.04,12346
    541500,23166,JAR,2,2026-01-19 10:17:00,1.04,12347
""".replace("    ", "")


def test_trap_11_returns(desk: Desk) -> None:
    """Returns as negative rows or documents of their own; a purchase reversed minutes later leaves no order behind."""
    reports = desk.load({"возвраты.csv": semicolons(RETURNS), "retail.csv": REVERSED.lstrip()})
    assert [(report.error, report.amount, report.reasons) for report in reports] == [(None, 85, {}), (None, Decimal("2.08"), {})]
    assert [(client, amount) for client, _, amount in desk.orders()] == [
        ("12346", Decimal("-77183.6")), ("12346", Decimal("77183.6")), ("12347", Decimal("2.08")), ("Альфа", 100), ("Альфа", -30),
        ("Альфа", -10), ("Бета", 40), ("Бета", -15),
    ]  # fmt: skip
    cycles = desk.ws.fetch("marts.client_cycles", as_of=date(2026, 2, 1)).to_pylist()
    assert {row["client_id"]: row["order_count"] for row in cycles} == {"12346": 0, "12347": 1, "Альфа": 1, "Бета": 1}


def many_sheets(book: Any, sheet: Any) -> None:
    for row, texts in enumerate(of("видимый")):
        sheet.write_row(row, 0, texts)
    book.add_worksheet("Пустой")
    hidden = book.add_worksheet("Скрытый")
    for row, texts in enumerate(of("скрытый")):
        hidden.write_row(row, 0, texts)
    hidden.hide()
    stacked = book.add_worksheet("Две таблицы")
    for row, texts in enumerate(of("вторая")):
        stacked.write_row(row, 0, texts)
    for row, texts in enumerate([["Клиент", "Дата", "Канал"], ["вторая", "16.01.2026", "Звонок"]], start=6):
        stacked.write_row(row, 0, texts)
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=TDSheet!$C$2:$C$4"})
    book.add_chartsheet("График").set_chart(chart)


def test_trap_12_sheets_that_are_hidden_empty_or_charts(desk: Desk) -> None:
    """Hidden sheets are read and said to be hidden, empty and chart sheets are named; several tables are told apart."""
    reports = desk.load({"листы.xlsx": xlsx(many_sheets)})
    assert [(report.sheet, report.table, report.rows_loaded) for report in reports] == [
        ("TDSheet", "orders", 3), ("Скрытый", "orders", 3), ("Две таблицы", "orders", 3), ("Две таблицы (2)", "touches", 1),
    ]  # fmt: skip
    assert {client for client, _, _ in desk.orders()} == {"видимый", "скрытый", "вторая"}
    notes = [(report.sheet, note.key, note.facts) for report in reports for note in report.notes]
    assert ("TDSheet", "readers.empty_sheets", {"sheets": "Пустой, График"}) in notes
    assert "Скрытый" in [sheet for sheet, key, _ in notes if key == "readers.hidden_sheet"]


SPELLINGS = """
    Контрагент | Дата | Сумма | Менеджер
    ООО «Ёлка» | 01.01.2026 | 1 | Иванов Иван Иванович
    Елка, ООО | 02.01.2026 | 2 | Иванов И. И.
    ЁЛКА  ООО | 03.01.2026 | 4 | Иванов И.И.
    "елкa" | 04.01.2026 | 8 | Иван Иванов
    Общество с ограниченной ответственностью Елка | 05.01.2026 | 16 | Иванов Иван (уволен)
"""


def test_trap_13_spellings_of_one_client(desk: Desk) -> None:
    """One client under several spellings."""
    (report,) = desk.load({"заказы.csv": semicolons(SPELLINGS)})
    assert (report.error, report.rows_loaded, report.amount) == (None, 5, 31)
    assert {client for client, _, _ in desk.orders()} == {"ООО «Ёлка»"}


NAMES = """
    Контрагент | Дата | Сумма | Менеджер
    Альфа | 15.01.2026 | 1 | Иванов И. И.
    Альфа | 16.01.2026 | 2 | ИВАНОВ И.И.
    Альфа | 17.01.2026 | 4 | Иванов И.И. (уволен)
    Бета | 15.01.2026 | 8 | Иванов Иван Иванович
    Бета | 16.01.2026 | 16 | Иван Иванов
    Бета | 17.01.2026 | 32 | ivanov@firma.ru
    Бета | 18.01.2026 | 64 | Иванова Инна
"""


def test_trap_13_dismissed_managers_and_name_forms_of_one_person(desk: Desk) -> None:
    """Dismissed managers, several name forms for one person: trivial ones are one, others are proposed and wait for an answer."""
    (report,) = desk.load({"заказы.csv": semicolons(NAMES)})
    assert (report.error, report.rows_loaded, report.amount) == (None, 7, 127)
    sold = "select manager, sum(amount) from core.order_lines group by manager order by manager"
    assert desk.rows(sold) == [
        ("ivanov@firma.ru", 32), ("Иван Иванов", 16), ("Иванов И. И.", 7), ("Иванов Иван Иванович", 8), ("Иванова Инна", 64),
    ]  # fmt: skip
    assert desk.rows("select distinct person from core.people where is_dismissed") == [("Иванов И. И.",)]
    (orphan,) = desk.ws.fetch("checks.clients_of_dismissed").to_pylist()
    assert (orphan["client_id"], orphan["manager"]) == ("Альфа", "Иванов И. И.")
    near = desk.ws.fetch("checks.near_people").to_pylist()
    proposed = {row["other_person"] for row in near if row["person"] == "Иванов Иван Иванович"}
    assert proposed == {"Иван Иванов", "Иванов И. И.", "ivanov@firma.ru"}
    assert "Иванова Инна" not in {name for row in near for name in (row["person"], row["other_person"])}
    people.keep(desk.ws, dict.fromkeys(proposed, "Иванов Иван Иванович"))
    desk.ws.renew()
    assert desk.rows(sold) == [("Иванов Иван Иванович", 63), ("Иванова Инна", 64)]


ENCODINGS = ["utf-8", "utf-8-sig", "cp1251", "utf-16", "cp866"]


def test_trap_14_encodings_and_separators(desk: Desk) -> None:
    """utf-8 with and without BOM, cp1251, utf-16, cp866; separators ; , tab."""
    files = {}
    for encoding in ENCODINGS:
        for name, separator in (("точка с запятой", ";"), ("запятая", ","), ("табуляция", "\t")):
            rows = [["Контрагент", "Дата", "Менеджер", "Сумма"], [f"Ёлочка {encoding} {name}", "15.01.2026", "Щукин", "1234.50"]]
            files[f"{encoding} {name}.csv"] = lines_of(rows, separator).encode(encoding)
    reports = desk.load(files)
    assert failures(reports) == []
    assert len(reports) == 15
    assert desk.orders() == sorted(
        (f"Ёлочка {encoding} {name}", "2026-01-15", Decimal("1234.5"))
        for encoding in ENCODINGS for name in ("точка с запятой", "запятая", "табуляция")
    )  # fmt: skip

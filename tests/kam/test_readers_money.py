"""Currencies that only the format of a cell shows: the text that the reader gives, and what becomes of it in a workspace."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kam import guard, readers_books, readers_money
from kam.errors import KamError
from kam.imports import rejects
from kam.readers import Sheet, read_file
from kam.readers_money import sign_of
from tests.kam import books
from tests.kam.test_traps import Desk, failures, xlsx

DOLLARS, EUROS, ROUBLES = "[$$-409]#,##0.00", '#,##0.00 "€"', '#,##0.00 "₽"'
Row = Sequence[Any]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def book(rows: Sequence[Row], looks: Mapping[int, str | Sequence[str]]) -> bytes:
    """A book of these rows; `looks`: the number format of a column, or of each of its rows under the header."""

    def fill(book: Any, sheet: Any) -> None:
        codes = [code for look in looks.values() for code in ([look] if isinstance(look, str) else look)]
        formats = {code: book.add_format({"num_format": code}) for code in codes}
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                look = looks.get(column)
                code = look if isinstance(look, str) or look is None else look[max(row - 1, 0)]
                sheet.write(row, column, cell, formats[code] if code else None)

    return xlsx(fill)


def texts(tmp_path: Path, content: bytes, name: str = "a.xlsx") -> list[list[str | None]]:
    path = tmp_path / name
    path.write_bytes(content)
    (sheet,) = read_file(path, name)
    return [list(row.values()) for row in sheet.cells.to_pylist()]


# What a format shows.


@pytest.mark.parametrize(
    ("code", "sign"),
    [
        (DOLLARS, "$"), (EUROS, "€"), (r"#,##0.00\ [$€-407]", "€"), (r"_-* #,##0.00\ [$€-407]_-", "€"), ("[$USD] #,##0.00", "USD"),
        ('#,##0 "USD"', "USD"), ('#,##0" usd"', "USD"), (r"\$#,##0", "$"), ("$#,##0", "$"), ("#,##0 €", "€"), ('#,##0\u00a0"€"', "€"),
        ('_($* #,##0.00_);_($* (#,##0.00);_($* "-"??_);_(@_)', "$"), ('#,##0"\u00a0$/шт"', "$"), ("[$¥-804]#,##0", "¥"),
        ("[$¥-411]#,##0", "JPY"),
        ("[$$-1009]#,##0", "CAD"), ("[$₴-422]0", "UAH"), (r"#,##0\ [$zł-415]", "zł"), ("#,##0;[Red]-[$$-409]#,##0", "$"), ('0;[Red]-0" €"', "€"),
        ('[>1000]0" $";0', "$"), ("[Red][$$-409]0;[Red]-[$$-409]0", "$"), (ROUBLES, "₽"), ('#,##0.00"р."', "₽"), (r"#,##0\ \р\.", "₽"),
        ("[$р.-419]0", "₽"), ('0" руб."', "₽"), ("[$RUB] 0", "₽"),
        *((code, None) for code in (
            "General", "0.00%", '0% "$"', "dd.mm.yyyy", '[$-419]dd mmm yyyy "г."', '[h]:mm" $"', '#,##0 "шт."', '#,##0 "dollars"', "_€0", "*$0",
            '"Итого"', "[$-419]0", "@", "", "#,##0", '"', "[", "\\",
        )),
    ],
)  # fmt: skip
def test_a_format_shows_a_currency(code: str, sign: str | None) -> None:
    assert sign_of(code) == sign


# What the reader gives.


def test_numbers_have_the_currency_of_their_format_behind_them_and_nothing_else_has(tmp_path: Path) -> None:
    rows = [
        ["Номер", "Сумма", "Доля", "Штук", "Дата", "Тоже"], [1, 500, 0.5, 5, 46037, 3], [2, 1234.5, 0.25, 6, 46038, -4],
        [3, "нет", 0, 7, 46039, None], [4, True, 0, 0, 46040, 0],
    ]  # fmt: skip
    looks = {0: "General", 1: DOLLARS, 2: '0% "$"', 3: '0 "шт."', 4: "dd.mm.yyyy", 5: [EUROS, DOLLARS, EUROS, ROUBLES]}
    got = texts(tmp_path, book(rows, looks))
    assert [[row[0], row[1], row[2], row[3], row[5]] for row in got] == [
        ["Номер", "Сумма", "Доля", "Штук", "Тоже"], ["1", "500 $", "0.5", "5", "3 €"], ["2", "1234.5 $", "0.25", "6", "-4 $"],
        ["3", "нет", "0", "7", None], ["4", "true", "0", "0", "0 ₽"],
    ]  # fmt: skip
    assert not any("$" in (row[4] or "") for row in got)


def test_formulas_have_the_currency_of_what_they_give_if_it_is_a_number(tmp_path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        dollars = book.add_format({"num_format": DOLLARS})
        sheet.write_row(1, 1, ["Сумма"])  # a blank row above and a blank column before
        sheet.write_formula(2, 1, "=1+1", dollars, 2)
        sheet.write_formula(3, 1, '="a"', dollars, "a")
        sheet.write_blank(4, 1, None, dollars)
        sheet.write(4, 2, 7)

    assert texts(tmp_path, xlsx(fill)) == [[None, None], ["Сумма", None], ["2 $", None], ["a", None], [None, "7"]]


@pytest.mark.parametrize("look", [ROUBLES, "#,##0.00", '0 "шт."', "General", '_-* #,##0.00\\ "₽"_-'])
def test_a_book_without_other_money_is_not_looked_at_again(tmp_path: Path, look: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(book([["Сумма"], [500]], {0: look}))
    monkeypatch.setattr(readers_money, "sheet_members", lambda *_: pytest.fail("a second pass"))
    assert readers_money.with_currencies(path, "a.xlsx", [], guard.scan(path, "a.xlsx")) == []


def test_formats_that_follow_the_machine_tell_nothing(tmp_path: Path) -> None:
    built_in = re.sub(rb'numFmtId="164"', b'numFmtId="44"', member(book([["Сумма"], [500]], {0: DOLLARS}), "xl/styles.xml"))
    assert b'numFmtId="44" formatCode' in built_in
    content = changed(book([["Сумма"], [500]], {0: DOLLARS}), {"xl/styles.xml": lambda _: built_in})
    assert texts(tmp_path, content) == [["Сумма"], ["500"]]


def test_a_format_that_no_cell_has_is_no_matter(tmp_path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        book.add_format({"num_format": DOLLARS})
        sheet.write_row(0, 0, ["Сумма", 5], book.add_format({"num_format": "0.0"}))

    assert texts(tmp_path, xlsx(fill)) == [["Сумма", "5"]]


def test_more_styles_than_a_pattern_takes(tmp_path: Path) -> None:
    looks = [f"[$$-409]0.{'0' * number}" for number in range(1, readers_money.MANY_STYLES + 2)]
    rows = [["Сумма", "Штук"], *([1, 2] for _ in looks)]
    assert texts(tmp_path, book(rows, {0: looks, 1: "0.0"}))[1:] == [["1 $", "2"]] * len(looks)


def test_more_currencies_than_there_are(tmp_path: Path) -> None:
    looks = [f"[$X{number}] 0" for number in range(readers_money.MAX_SIGNS + 9)]
    got = [row[0] for row in texts(tmp_path, book([["Сумма"], *([1] for _ in looks)], {0: looks}))[1:]]
    assert got[: readers_money.MAX_SIGNS] == [f"1 X{number}" for number in range(readers_money.MAX_SIGNS)]
    assert all(text != "1" for text in got)


def member(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


def changed(content: bytes, changes: Mapping[str, Callable[[bytes], bytes]], rename: Callable[[str], str] = str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        return books.zipped({rename(name): changes.get(name, bytes)(archive.read(name)) for name in names})


SHEET = "xl/worksheets/sheet1.xml"
TWO = [["Штук", "Сумма", "Тоже"], [1, 500, 7], [2, 600, 8], [3, None, 9]]
TWO_SHOWN = [["Штук", "Сумма", "Тоже"], ["1", "500 $", "7 $"], ["2", "600 $", "8 $"], ["3", None, "9 $"]]


def prefixed(text: bytes) -> bytes:
    named = re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", text)
    return named.replace(b"xmlns=", b"xmlns:x=")


@pytest.mark.parametrize(
    "mend",
    [
        lambda text: re.sub(rb'(<c) r="(\w+)" s="(\d+)"', rb'\1 s="\3" r="\2"', text),
        lambda text: re.sub(rb'(<c) r="(\w+)" s="(\d+)">', rb'\1 r="\2" t="n" s="\3">', text),
        lambda text: re.sub(rb'(<c r="\w+" s="\d+")>', rb'\1 t="n">', text),
        lambda text: re.sub(rb'(<c r="\w+" s="\d+")>', rb'\1 cm="1">', text),
        lambda text: re.sub(rb'(<c) r="[A-Z]+\d+"', rb"\1", text.replace(b'<c r="B4" s="1"/>', b"<c/>")),
        lambda text: re.sub(rb'(<row) r="\d+"', rb"\1", re.sub(rb'(<c) r="[A-Z]+\d+"', rb"\1", text)),
        lambda text: text.replace(b'<c r="B4" s="1"/>', b""),
    ],
    ids=["style first", "type between", "type behind", "more", "no places", "no rows", "no blank"],
)
def test_cells_are_found_however_they_are_written(tmp_path: Path, mend: Callable[[bytes], bytes]) -> None:
    plain = book(TWO, {1: DOLLARS, 2: DOLLARS})
    assert mend(member(plain, SHEET)) != member(plain, SHEET)
    assert texts(tmp_path, changed(plain, {SHEET: mend})) == TWO_SHOWN


def test_names_with_prefixes_and_members_with_mended_names(tmp_path: Path) -> None:
    plain = book(TWO, {1: DOLLARS, 2: DOLLARS})
    with_prefixes = changed(plain, {SHEET: prefixed, "xl/styles.xml": prefixed})
    assert texts(tmp_path, with_prefixes) == TWO_SHOWN
    assert texts(tmp_path, changed(plain, {}, lambda name: name.replace("/", "\\"))) == TWO_SHOWN


def test_each_sheet_has_its_own(tmp_path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        looks = [book.add_format({"num_format": code}) for code in (DOLLARS, EUROS)]
        sheet.write(0, 0, 1, looks[0])
        book.add_worksheet("Два").write(1, 1, 2, looks[1])
        book.add_worksheet("Три").write(0, 0, 3)

    path = tmp_path / "a.xlsx"
    path.write_bytes(xlsx(fill))
    assert [list(sheet.cells.to_pylist()[-1].values())[-1] for sheet in read_file(path, "a.xlsx")] == ["1 $", "2 €", "3"]


def test_a_long_sheet_over_the_chunks_of_the_archive(tmp_path: Path) -> None:
    count = 40_000
    rows = [["Номер", "Сумма"], *([number, number] for number in range(1, count + 1))]
    looks = {1: [DOLLARS if number % 3 else EUROS for number in range(1, count + 1)]}
    got = texts(tmp_path, book(rows, looks))
    assert got[1:] == [[str(number), f"{number} {'$' if number % 3 else '€'}"] for number in range(1, count + 1)]


def test_what_only_looks_like_cells_is_none(tmp_path: Path) -> None:
    note = b'<t r="A2" s="1"> s="1" s="1"</t><c r="A0" s="1"><v>1</v></c><c r="ZZ2" s="1"/>' + b'<c <row <c s="1"' * 9
    plain = book(TWO, {1: DOLLARS, 2: DOLLARS})
    path = tmp_path / "a.xlsx"
    path.write_bytes(changed(plain, {SHEET: lambda text: text.replace(b"</row></sheetData>", b"</row>" + note + b"</sheetData>")}))
    (sheet,) = readers_money.with_currencies(path, "a.xlsx", [read(tmp_path, plain)], guard.scan(path, "a.xlsx"))
    assert [list(row.values()) for row in sheet.cells.to_pylist()] == TWO_SHOWN


def read(tmp_path: Path, content: bytes) -> Sheet:
    """The first sheet as the fast reader gives it."""
    path = tmp_path / "plain.xlsx"
    path.write_bytes(content)
    return readers_books._book_sheets(path, "plain.xlsx", 0)[0]


@pytest.mark.parametrize("code", ["[" * 100_000, '"' * 100_001, "_" * 100_000, "0" * 300 + "$"])
def test_a_format_longer_than_any_costs_nothing(code: str) -> None:
    assert sign_of(code) is None


# OpenDocument.


def cell(value: float, currency: str | None = None, more: str = "") -> str:
    kind = f'office:value-type="currency" office:currency="{currency}"' if currency else 'office:value-type="float"'
    return f'<table:table-cell {kind} office:value="{value}" {more}><text:p>x</text:p></table:table-cell>'


def word(text: str) -> str:
    return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'


def line(*cells: str, more: str = "") -> str:
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


def test_an_ods_says_the_currency_beside_its_numbers(tmp_path: Path) -> None:
    blank, covered = '<table:table-cell table:number-columns-repeated="2"/>', "<table:covered-table-cell/>"
    first = [
        line(blank, more='table:number-rows-repeated="2"'),
        line(blank, cell(500, "USD", 'table:number-columns-repeated="2"'), covered, cell(7), cell(1.5, "EUR")),
        line(blank, cell(3, "USD"), more='table:number-rows-repeated="2"'),
        line(blank, cell(4), cell(5, "RUB")),
        line('<table:table-cell table:number-columns-repeated="16384"/>', more='table:number-rows-repeated="1048570"'),
    ]
    second = [line(cell(1), cell(2, "CHF"))]
    tables = "".join(f'<table:table table:name="{name}">{"".join(rows)}</table:table>' for name, rows in (("А", first), ("Б", second)))
    path = tmp_path / "a.ods"
    path.write_bytes(books.ods_of(tables))
    one, two = ([list(row.values()) for row in sheet.cells.to_pylist()] for sheet in read_file(path, "a.ods"))
    assert one == [
        [None] * 5, [None] * 5, ["500 USD", "500 USD", None, "7", "1.5 EUR"], ["3 USD", *[None] * 4], ["3 USD", *[None] * 4],
        ["4", "5 ₽", *[None] * 3],
    ]  # fmt: skip
    assert two == [["1", "2 CHF"]]


@pytest.mark.parametrize(("currency", "has_any"), [(None, False), ("RUB", False), ("RUR", False), ("USD", True), ("RUX", True)])
def test_an_ods_in_roubles_is_not_looked_at_again(tmp_path: Path, currency: str | None, has_any: bool) -> None:
    path = tmp_path / "a.ods"
    path.write_bytes(books.ods_of(f'<table:table table:name="А">{line(cell(1, currency))}</table:table>'))
    assert guard.scan(path, "a.ods").has_currencies is has_any


def test_an_ods_that_is_no_xml_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.ods"
    path.write_bytes(books.ods_of(f'<table:table table:name="А">{line(cell(1, "USD"))}</table:table><a b=c>'))
    with pytest.raises(KamError) as caught:
        read_file(path, "a.ods")
    assert caught.value.key == "errors.damaged"


# In a workspace.

ORDERS = [["Контрагент", "Дата", "Сумма"], ["А", "15.01.2026", 1000], ["Б", "16.01.2026", 500.5], ["В", "17.01.2026", 70]]
MIXED = {2: ["#,##0.00", DOLLARS, ROUBLES]}


def test_dollars_that_only_a_format_shows_are_not_added_to_roubles(desk: Desk) -> None:
    desk.ws.journal.set_norm("currency", "RUB")
    (report,) = desk.load({"заказы.xlsx": book(ORDERS, MIXED)})
    assert (report.reasons, report.amount) == ({"other_currency": 1}, 1070)
    assert [(note.key, note.facts) for note in report.remarks] == [("recognise.some_currencies", {"currencies": "$, ₽", "count": 1})]
    assert [(row["row_number"], row["value"]) for row in rejects(desk.ws).to_pylist()] == [(3, "USD")]
    assert [client for client, _, _ in desk.orders()] == ["А", "В"]


def test_dollars_that_only_a_format_shows_are_exchanged_where_rates_are_known(desk: Desk) -> None:
    desk.ws.journal.set_norm("currency", "RUB")
    _, report = desk.load({"курсы.csv": "Валюта;Дата;Курс\nUSD;01.01.2026;90\n", "заказы.xlsx": book(ORDERS, MIXED)})
    assert (report.reasons, report.amount) == ({}, 1070 + 500.5 * 90)


def test_dollars_are_plain_in_a_workspace_of_dollars(desk: Desk) -> None:
    desk.ws.journal.set_norm("currency", "USD")
    (report,) = desk.load({"заказы.xlsx": book(ORDERS, {2: DOLLARS})})
    assert (report.reasons, report.amount, report.remarks) == ({}, Decimal("1570.5"), ())
    assert [amount for _, _, amount in desk.orders()] == [1000, Decimal("500.5"), 70]


def test_dollars_of_an_ods_are_not_added_to_roubles(desk: Desk) -> None:
    amounts = zip(ORDERS[1:], ("RUB", "USD", "RUB"), strict=True)
    rows = [line(*map(word, ORDERS[0])), *(line(word(who), word(day), cell(value, code)) for (who, day, value), code in amounts)]
    desk.ws.journal.set_norm("currency", "RUB")
    (report,) = desk.load({"заказы.ods": books.ods_of(f'<table:table table:name="А">{"".join(rows)}</table:table>')})
    assert (report.error, report.reasons, report.amount) == (None, {"other_currency": 1}, 1070)


def test_a_total_in_dollars_is_the_total(desk: Desk) -> None:
    desk.ws.journal.set_norm("currency", "USD")
    (report,) = desk.load({"заказы.xlsx": book([*ORDERS, ["Итого", None, 1570.5]], {2: DOLLARS})})
    assert (report.rows_loaded, report.total, report.total_difference) == (3, Decimal("1570.5"), 0)


SIGNS = ["[$$-409]0.00", '0.00 "€"', "[$£-809]0.00", "[$¥-804]0.00", "[$₸-43F]0.00", "[$CHF-807] 0.00", '0.00 "KZT"', "0.00 [$₴-422]"]


@pytest.mark.parametrize("look", SIGNS)
def test_every_number_formatted_as_money_by_mistake_is_still_the_number(desk: Desk, look: str) -> None:
    rows = [["Номер", "Контрагент", "Дата", "Сумма", "Количество", "Цена", "Маржа"], [17, "А", "15.01.2026", 1000.5, 5, 200.1, -3]]
    (report,) = desk.load({"заказы.xlsx": book(rows, dict.fromkeys((0, 4, 5, 6), look))})
    assert (report.error, report.reasons, report.amount) == (None, {}, Decimal("1000.5"))
    said = desk.rows("select order_id, quantity, price, margin from core.order_lines")
    assert said == [("17", 5, Decimal("200.1"), -3)]


def test_a_whole_sheet_of_clients_formatted_as_money(desk: Desk) -> None:
    rows = [["Код", "Наименование", "ИНН", "Обязательных касаний", "Численность"], [1001, "А", 7701234567, 6, 50]]
    (report,) = desk.load({"клиенты.xlsx": book(rows, dict.fromkeys(range(5), DOLLARS))})
    assert (report.error, report.reasons) == (None, {})
    said = desk.rows("select client_id, client_name, tax_id, mandatory_touches from core.clients")
    assert said == [("1001", "А", "7701234567", 6)]


def test_a_code_of_figures_and_letters_keeps_its_letters(desk: Desk) -> None:
    desk.load({"заказы.csv": "Номер;Контрагент;Дата;Сумма;Артикул\n12 ABC;А;15.01.2026;1;500 RUG\n13 $;А;16.01.2026;1;A 5 $\n"})
    assert desk.rows("select order_id, sku from core.order_lines order by ordered_on") == [("12 ABC", "500 RUG"), ("13", "A 5 $")]


POTENTIALS = [["Клиент", "Потенциал в год", "Оборот"], ["А", 500, 1000], ["Б", 600, 2000], ["В", 700, 3000]]
SHOWN = {1: [DOLLARS, ROUBLES, "0"], 2: ["0", EUROS, ROUBLES]}


@pytest.mark.parametrize("is_text", [False, True])
def test_money_of_clients_in_another_currency_is_unknown(desk: Desk, is_text: bool) -> None:
    desk.ws.journal.set_norm("currency", "RUB")
    text = "Клиент;Потенциал в год;Оборот\nА;500 $;1000\nБ;600 ₽;€ 2 000\nВ;700;3000 р.\n"
    name, content = ("клиенты.csv", text) if is_text else ("клиенты.xlsx", book(POTENTIALS, SHOWN))
    (report,) = desk.load({name: content})
    assert (report.error, report.reasons, report.rows_loaded) == (None, {"cell_unreadable": 2}, 3)
    assert desk.rows("select potential, turnover from core.clients order by client_name") == [(None, 1000), (600, None), (700, 3000)]
    said = [(row["row_number"], row["column_name"], row["value"]) for row in rejects(desk.ws).to_pylist()]
    assert said == [(2, "potential", "500 $"), (3, "turnover", "€ 2 000" if is_text else "2000 €")]
    assert [(note.key, note.facts) for note in report.remarks] == [("recognise.currencies_of_clients", {"currencies": "$, €"})]


@pytest.mark.parametrize(("currency", "potential"), [("USD", 500), ("EUR", None), ("", 500)])
def test_money_of_clients_counts_in_its_own_currency_and_where_none_is_known(desk: Desk, currency: str, potential: int | None) -> None:
    desk.ws.journal.set_norm("currency", currency)
    (report,) = desk.load({"клиенты.csv": "Клиент;Потенциал, USD\nА;500\nБ;9 ₽\n"})
    assert desk.rows("select potential from core.clients order by client_name") == [(potential,), (9 if not currency else None,)]
    assert [note.facts for note in report.remarks] == [{"currencies": "USD"}]


def test_money_of_clients_in_roubles_needs_no_word(desk: Desk) -> None:
    (report,) = desk.load({"клиенты.csv": "Клиент;Потенциал, руб.;Оборот\nА;500;9 ₽\n"})
    assert (failures([report]), report.reasons, report.remarks) == ([], {}, ())
    assert desk.rows("select potential, turnover from core.clients") == [(500, 9)]

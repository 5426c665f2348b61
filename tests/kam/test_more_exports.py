"""What exports do beyond the numbered traps, each found by loading one: files made here, exact rows and sums."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kam.recognise import Correction
from tests.kam.test_traps import Desk, failures, semicolons, xlsx


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def priced(*amounts: str, header: str = "Сумма") -> str:
    rows = "".join(f"К{day};{day:02d}.01.2026;{text}\n" for day, text in enumerate(amounts, 1))
    return f"Контрагент;Дата;{header}\n{rows}"


# Currencies that only the amounts name.


def test_an_amount_that_names_another_currency_is_not_added_to_the_others(desk: Desk) -> None:
    (report,) = desk.load({"а.csv": priced("1 000,00 руб.", "500,00 $", "€300,00", "70,00 рублей", "100,00")})
    assert (report.reasons, report.amount) == ({"other_currency": 2}, 1170)
    assert [(note.key, note.facts["count"]) for note in report.notes if note.key.startswith("recognise")] == [
        ("recognise.some_currencies", 1)
    ]
    assert [client for client, _, _ in desk.orders()] == ["К1", "К4", "К5"]


def test_an_amount_with_its_currency_is_exchanged_where_rates_are_known(desk: Desk) -> None:
    _, report = desk.load({"курсы.csv": "Валюта;Дата;Курс\nUSD;01.01.2026;90\n", "а.csv": priced("10 ₽", "20 ₽", "USD 5,00")})
    assert (report.reasons, report.amount) == ({}, 480)


def test_a_header_names_the_currency_of_its_column(desk: Desk) -> None:
    reports = desk.load({"рубли.csv": priced("1", "2", header="Сумма, руб."), "доллары.csv": priced("4", header="Сумма (USD)")})
    assert failures(reports) == ["доллары.csv: errors.all_other_currency"]
    assert sum(amount for _, _, amount in desk.orders()) == 3


def test_a_total_with_its_currency_is_a_total(desk: Desk) -> None:
    text = 'Client,Date,Amount\nA,2026-01-01,"USD 12,000.50"\nB,2026-01-02,"USD 1,000.00"\nTotal,,"USD 13,000.50"\n'
    (report,) = desk.load({"report.csv": text})
    assert (report.rows_loaded, report.reasons, report.total, report.total_difference) == (2, {}, Decimal("13000.5"), 0)


def test_what_stands_beside_no_amount_is_no_currency(desk: Desk) -> None:
    (report,) = desk.load({"а.csv": priced("100", "1 200 за шт", "5 т.р.")})
    assert (report.amount, report.reasons, [note.key for note in report.notes]) == (100, {"amount_unreadable": 2}, ["readers.text"])


# Reports of 1C.

NAMED = """
    Документ | Контрагент | Сумма
    Реализация товаров и услуг 0000-000031 от 15.01.2026 12:00:00 | А | 100
    Возврат товаров от клиента 0000-000002 от 16.01.2026 12:00:00 | А | 30
    Возврат товаров от покупателя №ТД00-2 от 17.01.2026 | А | -3
    Реализация (акт, накладная) 0000-000032 от 18.01.2026 0:00:00 | А | 10
"""


def test_a_document_that_is_a_return_by_its_name_lowers_revenue(desk: Desk) -> None:
    (report,) = desk.load({"документы.csv": semicolons(NAMED)})
    assert (report.reasons, report.amount) == ({}, 77)
    assert [amount for _, _, amount in desk.orders()] == [100, -30, -3, 10]


def sale(number: int, day: str) -> str:
    return f"Реализация товаров и услуг 0000-{number:06d} от {day} 12:00:00"


GOODS = [
    (0, "Альфа", 300), (1, sale(1, "15.03.2026"), 300), (2, "Стол", 100), (2, "Стул", 200),
    (0, "Бета", 50), (1, "Возврат товаров от клиента 0000-000002 от 16.03.2026 12:00:00", -50), (2, "Стол", -50),
    (1, sale(3, "17.03.2026"), 100), (2, "Итого вкусный товар", 100),
]  # fmt: skip


def goods(book: Any, sheet: Any) -> None:
    sheet.write(0, 0, "Валовая прибыль")
    sheet.write_row(2, 0, ["Клиент", "Выручка с НДС"])
    sheet.write(3, 0, "Документ продажи")
    sheet.write(4, 0, "Номенклатура")
    outlined(book, sheet, 5, GOODS)
    sheet.write_row(5 + len(GOODS), 0, ["Итого", 350])


def outlined(book: Any, sheet: Any, top: int, rows: list[Any]) -> None:
    deeper = [None, *(book.add_format({"indent": depth}) for depth in (1, 2))]
    for row, (depth, name, *figures) in enumerate(rows, start=top):
        sheet.write(row, 0, name, deeper[depth])
        sheet.write_row(row, 1, figures)
        sheet.set_row(row, None, None, {"level": depth})


def test_a_document_over_its_goods_is_a_group_although_its_name_has_a_date(desk: Desk) -> None:
    (report,) = desk.load({"прибыль.xlsx": xlsx(goods)})
    assert (report.error, report.reasons, report.amount, report.total_difference) == (None, {}, 350, 0)
    assert [(row.row_number, row.kind) for row in report.left_out] == [
        *((number, "group") for number in (6, 7, 10, 11, 13)), (15, "total"),
    ]  # fmt: skip
    assert desk.orders() == [
        ("Альфа", "2026-03-15", 100), ("Альфа", "2026-03-15", 200), ("Бета", "2026-03-16", -50), ("Бета", "2026-03-17", 100),
    ]  # fmt: skip


def by_manager(third: str) -> bytes:
    """Three levels stacked in one column, beside a pair of sums under one group."""
    rows = [
        (0, "Иванов Иван", 300.5, 360.6), (1, "Альфа ООО", 300.5, 360.6), (2, sale(1, "15.01.2026"), 100, 120),
        (2, sale(2, "15.02.2026"), 200.5, 240.6), (0, "Петрова Анна", 1000, 1200), (1, "Гамма", 1000, 1200),
        (2, sale(3, "17.03.2026"), 1000, 1200),
    ]  # fmt: skip

    def fill(book: Any, sheet: Any) -> None:
        sheet.write(0, 0, "Период: 01.01.2026 - 31.03.2026")
        sheet.write_row(2, 0, ["Менеджер"])
        sheet.merge_range(2, 1, 2, 2, "Выручка")
        sheet.write_row(3, 0, ["Клиент"])
        sheet.merge_range(3, 1, 4, 1, "без НДС")
        sheet.merge_range(3, 2, 4, 2, "с НДС")
        sheet.write(4, 0, third)
        outlined(book, sheet, 5, rows)
        sheet.write_row(5 + len(rows), 0, ["Итого", 1300.5, 1560.6])

    return xlsx(fill)


def test_names_under_a_group_are_names_whatever_they_say_and_are_asked_about(desk: Desk) -> None:
    (asked,) = desk.load({"выручка.xlsx": by_manager("Документ продажи")})
    assert asked.error is not None
    assert (asked.error.key, asked.error.facts["candidates"]) == (
        "recognise.which_amount", "«Выручка / с НДС»: 1 560.60; «Выручка / без НДС»: 1 300.50",
    )  # fmt: skip
    with_tax = Correction(None, {"Выручка / с НДС": "amount"})
    (told,) = desk.load({"выручка.xlsx": by_manager("Документ продажи")}, with_tax)
    assert (told.reasons, told.total_difference) == ({}, 0)
    assert desk.orders() == [
        ("Альфа ООО", "2026-01-15", 120), ("Альфа ООО", "2026-02-15", Decimal("240.6")), ("Гамма", "2026-03-17", 1200),
    ]  # fmt: skip
    # A level that nobody knows: documents must not stand where clients should.
    assert failures(desk.load({"иначе.xlsx": by_manager("Неведомое")}, with_tax)) == ["иначе.xlsx: recognise.missing_date"]


SAVED = """<html><head><meta http-equiv="Content-Type" content="text/html; charset=windows-1251"></head><body><table>
<tr><td colspan=4>Продажи за Январь 2026 г. - Март 2026 г.</td></tr><tr><td></td></tr>
<tr><td rowspan=2>Покупатель</td><td rowspan=2>Дата</td><td colspan=2>Стоимость</td></tr><tr><td>без&nbsp;НДС</td><td>с НДС</td></tr>
<tr><td>ООО &quot;Альфа &amp; Ко&quot;</td><td>15.01.2026</td><td>1&nbsp;000,50</td><td>1&nbsp;200,60</td></tr>
<tr><td>Бета</td><td>16.02.2026</td><td>2&nbsp;000,00</td><td>2&nbsp;400,00</td></tr>
<tr><td>Итого</td><td></td><td>3&nbsp;000,50</td><td>3&nbsp;600,60</td></tr></table></body></html>"""


def test_a_report_saved_as_a_page_is_asked_about_its_two_sums(desk: Desk) -> None:
    (asked,) = desk.load({"продажи.xls": SAVED.encode("cp1251")})
    assert asked.error is not None
    assert asked.error.facts["candidates"] == "«Стоимость / без НДС»: 3 000.50; «Стоимость / с НДС»: 3 600.60"
    (told,) = desk.load({"продажи.xls": SAVED.encode("cp1251")}, Correction(None, {"Стоимость / с НДС": "amount"}))
    assert (told.rows_loaded, told.reasons, told.amount, told.total_difference) == (2, {}, Decimal("3600.6"), 0)


# Which table.


@pytest.mark.parametrize("header", ["Сумма;Комментарий", "Тип;Сумма;Комментарий", "Тема;Сумма сделки"])
def test_a_day_with_an_amount_beside_it_is_an_order_whatever_comment_it_has(desk: Desk, header: str) -> None:
    cells = ";".join("100" if "Сумма" in name else "а" for name in header.split(";"))
    (report,) = desk.load({"а.csv": f"Контрагент;Дата;{header}\nА;15.01.2026;{cells}\n"})
    assert (report.table, report.rows_loaded, report.amount) == ("orders", 1, 100)


def test_a_call_with_an_amount_beside_it_is_a_touch(desk: Desk) -> None:
    (report,) = desk.load({"а.csv": "Клиент;Дата звонка;Менеджер;Тема;Сумма\nА;15.01.2026;И;цены;100\n"})
    assert (report.table, report.rows_loaded) == ("touches", 1)


def test_amounts_in_thousands_are_said_to_be_so(desk: Desk) -> None:
    (report,) = desk.load({"а.csv": priced("1,5", header="Выручка, тыс. руб.")})
    assert report.error is not None
    assert (report.error.key, report.error.facts["column"]) == ("recognise.scaled_amount", "Выручка, тыс. руб.")


# Days in words, as spreadsheets and CRMs write them.

FIFTEENTH = [
    "15-янв-26", "15.янв.2026", "15 янв 2026 10:00:00", "чт, 15 янв. 2026", "Четверг, 15 января 2026 г.", "Jan 15, 2026",
    "Thu, January 15, 2026 10:30 PM", "15-Jan-26", "20260115",
]  # fmt: skip


def test_days_in_words_are_days(desk: Desk) -> None:
    days = [*FIFTEENTH, "янв.26", "Заказ, май 2026", "31 февраля 2026", "янв 26", "20261301"]
    rows = "".join(f"А;{day};1\n" if "," not in day else f'А;"{day}";1\n' for day in days)
    (report,) = desk.load({"а.csv": "Контрагент;Дата;Сумма\n" + rows})
    assert report.reasons == {"date_unreadable": 4}
    assert [day for _, day, _ in desk.orders()] == ["2026-01-01", *["2026-01-15"] * len(FIFTEENTH)]


# Texts.


def test_a_csv_of_excel_on_a_mac_is_read(desk: Desk) -> None:
    text = "Контрагент;Дата;Сумма\nЗАО «Щёлково»;15.01.2026;1 234,50\nОАО ЯКОРЬ;16.01.2026;10,00\n"
    (report,) = desk.load({"а.csv": text.encode("mac_cyrillic")})
    assert (report.error, report.amount) == (None, Decimal("1244.5"))
    assert [client for client, _, _ in desk.orders()] == ["ЗАО «Щёлково»", "ОАО ЯКОРЬ"]


def test_a_lone_sign_makes_no_russian_text_of_an_english_one(desk: Desk) -> None:
    footer = '"Copyright © 2000-2026 salesforce.com, inc. All rights reserved."\n'
    text = "Account Name,Close Date,Amount,Stage\nAlpha,1/18/2026,100,Closed Won\n" + footer
    (report,) = desk.load({"report.csv": text.encode("cp1252")})
    assert (report.rows_read, report.amount, [row.kind for row in report.left_out]) == (1, 100, ["footer"])


def test_cents_cut_off_by_the_separator_are_not_lost_in_silence(desk: Desk) -> None:
    rows = "Контрагент,Дата,Сумма\nА,15.01.2026,1234,50\nБ,16.01.2026,10,00\n"
    assert failures(desk.load({"а.csv": rows})) == ["а.csv: recognise.cut_numbers"]
    quoted = 'Контрагент,Дата,Сумма\nА,15.01.2026,"1234,50"\nБ,16.01.2026,"10,00"\n'
    (report,) = desk.load({"а.csv": quoted})
    assert (report.error, report.amount) == (None, Decimal("1244.5"))


# Loading.


def test_the_same_columns_in_another_order_are_the_same_source(desk: Desk) -> None:
    desk.load({"январь.csv": "Контрагент;Дата;Сумма\nА;15.01.2026;100\nБ;31.01.2026;50\n"})
    (report,) = desk.load({"снова.csv": "Дата;Контрагент;Сумма\n15.01.2026;А;100\n31.01.2026;Б;60\n"})
    assert report.replaced_rows == 2
    assert desk.orders() == [("А", "2026-01-15", 100), ("Б", "2026-01-31", 60)]


PRODUCTS = """
    ID | Стадия сделки | Компания | Сумма | Дата закрытия | Товар | Цена | Количество
    1 | Сделка успешна | А | 300,00 | 15.01.2026 | Стол | 100,00 | 1
    1 | Сделка успешна | А | 300,00 | 15.01.2026 | Стул | 100,00 | 2
    2 | Сделка успешна | Б | 50,00 | 16.01.2026 | | |
    3 | Сделка успешна | Б | 70,00 | 17.01.2026 | Стул | 35,00 | 2
"""


def test_the_sum_of_a_deal_beside_each_of_its_products_counts_once(desk: Desk) -> None:
    (report,) = desk.load({"сделки.csv": semicolons(PRODUCTS)})
    assert (report.rows_loaded, report.amount) == (4, 420)
    assert [note.facts for note in report.notes if note.key == "recognise.amounts_of_orders"] == [{"count": 1}]
    # Lines that happen to be equal are lines: together they come to more than either says.
    equal = PRODUCTS.replace("Стол | 100,00 | 1", "Стол | 300,00 | 1").replace("Стул | 100,00 | 2", "Стул | 150,00 | 2")
    (report,) = desk.load({"сделки.csv": semicolons(equal)})
    assert report.amount == 720


DATED_TOTALS = """
    Контрагент | Дата | Сумма
    А | 15.01.2026 | 100
    Итого за мармелад | 16.01.2026 | 200
    Итого за январь 2026 г. | январь 2026 | 300
    Всего по отчёту | 31.01.2026 | 300
"""


def test_totals_of_a_month_are_totals_although_they_have_a_date(desk: Desk) -> None:
    (report,) = desk.load({"а.csv": semicolons(DATED_TOTALS)})
    assert [(row.row_number, row.kind) for row in report.left_out] == [(4, "total"), (5, "total")]
    assert (report.rows_loaded, report.amount, report.total_difference) == (2, 300, 0)


def test_a_tax_id_with_the_code_of_the_branch_behind_it_is_the_tax_id(desk: Desk) -> None:
    desk.load({
        "клиенты.csv": "Код;Наименование;ИНН/КПП\n1;Альфа;7701234567/770101001\n",
        "заказы.csv": "ИНН;Дата;Сумма\n7701234567;15.01.2026;1\n7701234567 / 500101001;16.01.2026;2\n",
    })  # fmt: skip
    assert {client for client, _, _ in desk.orders()} == {"1"}
    assert len(desk.orders()) == 2


def test_tasks_of_amocrm_are_promises_and_no_touches(desk: Desk) -> None:
    head = "ID,Тип задачи,Текст задачи,Ответственный,Дата создания,Срок исполнения,Выполнена,Результат,Компания\n"
    rows = "1,Звонок,Перезвонить,И,10.01.2026,12.01.2026,Да,ок,А\n2,Встреча,КП,И,10.01.2026,13.01.2026,Нет,,Б\n"
    (report,) = desk.load({"tasks.csv": head + rows})
    assert (report.table, report.rows_loaded) == ("promises", 2)


def test_days_of_clients_with_figures_that_nobody_knows_are_asked_about(desk: Desk) -> None:
    text = "Контрагент;Дата;Закупка\nА;15.01.2026;500\nБ;16.01.2026;700\n"
    (report,) = desk.load({"а.csv": text})
    assert report.error is not None and report.error.key == "recognise.unknown_table" and report.rows_loaded == 0
    for head in ("Контрагент;Дата;Менеджер", "Контрагент;Дата визита;Зал"):
        (plain,) = desk.load({"б.csv": head + "\nА;15.01.2026;Иванов\n"})
        assert (plain.error, plain.table, plain.rows_loaded) == (None, "touches", 1)

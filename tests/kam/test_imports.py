"""Imports as a week goes by: what each load leaves in the dataset, exactly."""

from __future__ import annotations

import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import openpyxl
import pytest

from kam import imports
from kam.errors import KamError
from kam.imports import Upload
from kam.workspace import Workspace
from tests.kam.conftest import Write


def amounts(ws: Workspace) -> dict[str, Decimal]:
    """Revenue by client, all time: every date in these tests lies within a year of the last."""
    rows = ws.fetch("marts.client_classes", as_of=date(2026, 12, 31)).to_pylist()
    return {row["client_id"]: row["revenue"] for row in rows}


def error_keys(reports: list[imports.SheetReport]) -> list[str]:
    return [report.error.key for report in reports if report.error]


JAN_MAR = """
Номер | Контрагент | Дата | Сумма
1 | Альфа | 15.01.2026 | 100,00
2 | Бета | 10.02.2026 | 200,00
3 | Альфа | 05.03.2026 | 300,00
"""
FEB_APR = """
Номер | Контрагент | Дата | Сумма
2 | Бета | 10.02.2026 | 250,00
4 | Гамма | 20.03.2026 | 50,00
5 | Альфа | 02.04.2026 | 70,00
"""


def test_a_later_period_replaces_what_it_covers_and_leaves_the_rest(ws: Workspace, write: Write) -> None:
    imports.load(ws, [write("q1.csv", JAN_MAR)])
    assert amounts(ws) == {"Альфа": 400, "Бета": 200}
    (report,) = imports.load(ws, [write("q2.csv", FEB_APR)])
    # Changed: Бета. Gone: Альфа's 300 of March. New: Гамма, Альфа's April.
    assert amounts(ws) == {"Альфа": 170, "Бета": 250, "Гамма": 50}
    assert (report.rows_loaded, report.replaced_rows) == (3, 2)


def test_the_same_file_twice_changes_nothing(ws: Workspace, write: Write) -> None:
    for mode in ("replace-period", "add"):
        imports.load(ws, [write("q1.csv", JAN_MAR)], mode=mode)
        assert amounts(ws) == {"Альфа": 400, "Бета": 200}


def test_undo_brings_back_the_week_before(ws: Workspace, write: Write) -> None:
    imports.load(ws, [write("q1.csv", JAN_MAR)])
    imports.load(ws, [write("q2.csv", FEB_APR)])
    imports.undo(ws)
    assert amounts(ws) == {"Альфа": 400, "Бета": 200}
    assert [bool(item.undone_at) for item in imports.history(ws)] == [True, False]
    imports.undo(ws)
    assert ws.dataset_id is None
    with pytest.raises(KamError) as caught:
        imports.undo(ws)
    assert caught.value.key == "errors.nothing_to_undo"


def test_add_keeps_the_period_and_replaces_only_the_same_documents(ws: Workspace, write: Write) -> None:
    imports.load(ws, [write("q1.csv", JAN_MAR)])
    imports.load(ws, [write("q2.csv", FEB_APR)], mode="add")
    assert amounts(ws) == {"Альфа": 470, "Бета": 250, "Гамма": 50}


def test_replace_all_leaves_the_new_file_alone(ws: Workspace, write: Write) -> None:
    imports.load(ws, [write("q1.csv", JAN_MAR)])
    imports.load(ws, [write("q2.csv", FEB_APR)], mode="replace-all")
    assert amounts(ws) == {"Альфа": 70, "Бета": 250, "Гамма": 50}


def test_files_of_one_load_do_not_replace_each_other(ws: Workspace, write: Write) -> None:
    moscow = write("moscow.csv", "Контрагент | Дата | Сумма\nАльфа | 15.01.2026 | 1")
    kazan = write("kazan.csv", "Контрагент | Дата | Сумма\nБета | 15.01.2026 | 2")
    imports.load(ws, [moscow, kazan])
    assert amounts(ws) == {"Альфа": 1, "Бета": 2}


def test_another_source_of_the_same_period_is_left_alone(ws: Workspace, write: Write) -> None:
    imports.load(ws, [write("1c.csv", JAN_MAR)])
    imports.load(ws, [write("shop.csv", "client | date | amount\nАльфа | 2026-01-15 | 5")])
    assert amounts(ws) == {"Альфа": 405, "Бета": 200}


def test_a_mode_that_does_not_exist_is_refused(ws: Workspace, write: Write) -> None:
    with pytest.raises(KamError) as caught:
        imports.load(ws, [write("q1.csv", JAN_MAR)], mode="merge")
    assert caught.value.key == "errors.mode_unknown"


def test_rejected_rows_are_named_and_the_rest_counts(ws: Workspace, write: Write) -> None:
    (report,) = imports.load(
        ws, [write("q1.csv", JAN_MAR + "6 | | 01.04.2026 | 5\n7 | Дельта | вчера | 5\n8 | Дельта | 01.04.2026 | x")]
    )
    assert (report.rows_read, report.rows_loaded, report.rows_rejected) == (6, 3, 3)
    assert report.reasons == {"amount_unreadable": 1, "client_missing": 1, "date_unreadable": 1}
    assert report.amount == 600
    rows = imports.rejects(ws).to_pylist()
    assert [(row["row_number"], row["reason"], row["value"]) for row in rows] == [
        (5, "client_missing", None), (6, "date_unreadable", "вчера"), (7, "amount_unreadable", "x"),
    ]  # fmt: skip


def test_columns_that_map_to_nothing_are_kept_with_their_row(ws: Workspace, write: Write) -> None:
    imports.load(ws, [write("q1.csv", "Контрагент | Дата | Сумма | Цвет кузова\nАльфа | 15.01.2026 | 1 | синий")])
    with duckdb.connect(ws.datasets.path(ws.dataset_id or ""), read_only=True) as dataset:
        assert dataset.execute("select extra from core.order_lines").fetchall() == [({"Цвет кузова": "синий"},)]


def test_an_amount_is_made_of_quantity_and_price_and_said_so(ws: Workspace, write: Write) -> None:
    (report,) = imports.load(
        ws,
        [write("q1.csv", "Контрагент | Дата | Количество | Цена\nАльфа | 15.01.2026 | 3 | 2,55\nБета | 15.01.2026 | -1 | 2,55")],
    )
    assert report.amount_made
    assert amounts(ws) == {"Альфа": Decimal("7.65"), "Бета": Decimal("-2.55")}


def test_an_unreadable_amount_is_never_made_of_quantity_and_price(ws: Workspace, write: Write) -> None:
    text = "Контрагент | Дата | Количество | Цена | Сумма\nАльфа | 15.01.2026 | 3 | 2 | ?\nАльфа | 16.01.2026 | 3 | 2 | 6"
    (report,) = imports.load(ws, [write("q1.csv", text)])
    assert not report.amount_made
    assert report.reasons == {"amount_unreadable": 1}


def test_inspect_reports_the_same_and_changes_nothing(ws: Workspace, write: Write) -> None:
    upload = write("q1.csv", JAN_MAR)
    (seen,) = imports.inspect(ws, [upload])
    assert ws.dataset_id is None
    assert list((ws.path / "datasets").iterdir()) == []
    (loaded,) = imports.load(ws, [upload])
    assert (seen.rows_read, seen.rows_loaded, seen.table) == (loaded.rows_read, loaded.rows_loaded, loaded.table)


def test_the_original_is_kept_by_its_hash(ws: Workspace, write: Write) -> None:
    upload = write("q1.csv", JAN_MAR)
    imports.load(ws, [upload])
    (kept,) = (ws.path / "files").iterdir()
    assert kept.read_bytes() == upload.path.read_bytes()


# Bad input: a sentence, nothing loaded, the rest of the batch loaded


def word_document(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w:document/>")


def test_bad_files_are_refused_one_by_one_and_the_rest_is_loaded(ws: Workspace, write: Write, tmp_path: Path) -> None:
    word_document(tmp_path / "word.xlsx")
    (tmp_path / "empty.xlsx").touch()
    bad = [
        Upload("word.xlsx", tmp_path / "word.xlsx"),
        Upload("empty.xlsx", tmp_path / "empty.xlsx"),
        write("noclient.csv", "Дата | Сумма\n15.01.2026 | 1\n16.01.2026 | 2"),
        write("nodates.csv", "Контрагент | Дата | Сумма\nАльфа | скоро | 1\nБета | потом | 2"),
    ]
    reports = imports.load(ws, [*bad, write("good.csv", JAN_MAR)])
    assert [report.is_refused for report in reports] == [True, True, True, True, False]
    assert error_keys(reports)[0] == "errors.word_document"
    assert error_keys(reports)[1] == "errors.zero_bytes"
    assert error_keys(reports)[3] == "errors.all_date_unreadable"
    assert amounts(ws) == {"Альфа": 400, "Бета": 200}


def test_nothing_is_published_where_every_file_is_refused(ws: Workspace, write: Write) -> None:
    reports = imports.load(ws, [write("nodates.csv", "Контрагент | Дата | Сумма\nАльфа | скоро | 1")])
    assert error_keys(reports) == ["errors.all_date_unreadable"]
    assert reports[0].error is not None and reports[0].error.facts["row"] == 2
    assert ws.dataset_id is None


def test_a_sheet_that_is_none_of_ours_is_passed_over_beside_one_that_is(ws: Workspace, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (("Контрагент", "Дата", "Сумма"), ("Альфа", "15.01.2026", 10)):
        sheet.append(row)
    book.create_sheet("Рецепты").append(("Мука", "Сахар"))
    book["Рецепты"].append(("500 г", "200 г"))
    book.save(tmp_path / "book.xlsx")
    reports = imports.load(ws, [Upload("book.xlsx", tmp_path / "book.xlsx")])
    assert [(report.table, report.is_refused) for report in reports] == [("orders", False), (None, False)]
    assert amounts(ws) == {"Альфа": 10}


# The client link


def test_orders_find_their_client_by_id_tax_id_and_any_spelling_of_the_name(ws: Workspace, write: Write) -> None:
    clients = write("clients.csv", "client_id | client_name | tax_id\n007 | ООО «Альфа Ёлка» | 7701234567\n8 | Бета | 7801")
    orders = write(
        "orders.csv",
        """client | date | amount
007 | 2026-01-01 | 1
7701234567.0 | 2026-01-02 | 2
альфа елка, ООО | 2026-01-03 | 4
Гамма, ЗАО | 2026-01-04 | 8
АО Гамма | 2026-01-05 | 16""",
    )
    imports.load(ws, [clients, orders])
    assert amounts(ws) == {"007": 7, "8": 0, "Гамма, ЗАО": 24}


def test_a_name_that_fits_two_clients_is_asked_about_never_guessed(ws: Workspace, write: Write) -> None:
    clients = write("clients.csv", "client_id | client_name\n1 | ООО Альфа\n2 | АО Альфа")
    orders = write("orders.csv", "client | date | amount\nАльфа | 2026-01-01 | 1\nАО Альфа | 2026-01-02 | 2")
    reports = imports.load(ws, [clients, orders])
    assert amounts(ws) == {"1": 0, "2": 2}
    assert reports[1].reasons == {"client_ambiguous": 1}


def test_a_promise_finds_its_client_through_a_crm_link(ws: Workspace, write: Write) -> None:
    clients = write("clients.csv", "client_id | client_name\n101 | Альфа\n102 | Бета")
    deals = write(
        "deals.csv",
        """order_id | client_id | date | amount | status
402 | 102 | 2026-01-01 | 1 | В работе
403 | 101 | 2026-01-01 | 1 | Сделка успешна""",
    )
    tasks = write(
        "tasks.csv",
        """promise_id | client | made_on | due_on
1 | CO_101, D_402 | 2026-01-01 | 2026-02-01
2 | D_402 | 2026-01-01 | 2026-02-01
3 | L_303 | 2026-01-01 | """,
    )
    imports.load(ws, [clients, deals, tasks])
    rows = ws.fetch("marts.promise_states", as_of=date(2026, 12, 31)).to_pylist()
    assert [(row["promise_id"], row["client_id"], row["state"]) for row in rows] == [
        ("1", "101", "overdue"), ("2", "102", "overdue"), ("3", "L_303", "undated"),
    ]  # fmt: skip


def test_only_deals_that_are_won_are_orders(ws: Workspace, write: Write) -> None:
    (report,) = imports.load(
        ws,
        [
            write(
                "deals.csv",
                """client | date | amount | status
Альфа | 2026-01-01 | 1 | Won
Альфа | 2026-01-02 | 2 | Lost
Альфа | 2026-01-03 | 4 | Prospecting
Альфа | 2026-01-04 | 8 | Замер
Альфа | 2026-01-05 | 16 | Отменена""",
            )
        ],
    )
    assert amounts(ws) == {"Альфа": 1}
    assert report.reasons == {"deal_not_won": 2, "order_cancelled": 1, "status_unknown": 1}


def test_a_return_document_lowers_revenue_however_its_amount_is_written(ws: Workspace, write: Write) -> None:
    imports.load(
        ws,
        [
            write(
                "orders.csv",
                """client | date | amount | document_type
Альфа | 2026-01-01 | 100 | Реализация товаров и услуг
Альфа | 2026-01-02 | 30 | Возврат товаров от покупателя
Альфа | 2026-01-03 | -5 | Возврат товаров от покупателя""",
            )
        ],
    )
    assert amounts(ws) == {"Альфа": 65}
    (cycle,) = ws.fetch("marts.client_cycles", as_of=date(2026, 12, 31)).to_pylist()
    assert cycle["order_count"] == 1


def test_amounts_in_another_currency_are_rejected_with_the_reason(ws: Workspace, write: Write) -> None:
    (report,) = imports.load(
        ws,
        [
            write(
                "orders.csv",
                """client | date | amount | currency
Альфа | 2026-01-01 | 100 | руб.
Альфа | 2026-01-02 | 100 | RUB
Альфа | 2026-01-03 | 1 | USD""",
            )
        ],
    )
    assert amounts(ws) == {"Альфа": 200}
    assert report.reasons == {"other_currency": 1}


# The demo gives way


def test_own_data_takes_the_place_of_the_demo(ws: Workspace, write: Write) -> None:
    imports.load_demo(ws)
    assert ws.is_demo
    imports.load(ws, [write("q1.csv", JAN_MAR)])
    assert not ws.is_demo
    assert amounts(ws) == {"Альфа": 400, "Бета": 200}
    with pytest.raises(KamError) as caught:
        imports.load_demo(ws)
    assert caught.value.key == "errors.demo_over_data"


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("Обещания 2026-11-06.xlsx", date(2026, 11, 6)),
        ("tasks_06.11.2026.csv", date(2026, 11, 6)),
        ("20261106.csv", date(2026, 11, 6)),
    ],
)
def test_an_export_is_dated_by_its_name(ws: Workspace, tmp_path: Path, name: str, day: date) -> None:
    path = tmp_path / name
    path.write_text("promise_id;client;due_on\n1;Альфа;2026-12-01\n", encoding="utf-8")
    if name.endswith("xlsx"):
        path = tmp_path / "other.csv"
        path.write_text("promise_id;client;due_on\n1;Альфа;2026-12-01\n", encoding="utf-8")
    (report,) = imports.inspect(ws, [Upload(name, path)])
    assert report.captured_on == day

"""The same rows in an export whose columns changed, or twice in one load: nothing counts twice, and the user is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from kam import imports
from kam.rebuild import rebuild
from kam.recognise import Correction
from tests.kam.test_traps import Desk, failures

WEEK = ("01.03.2026;Ромашка;100", "02.03.2026;Лютик;200", "03.03.2026;Ромашка;300", "04.03.2026;Астра;400", "05.03.2026;Астра;500")
HEAD = "Дата;Контрагент;Сумма\n"


def plain(*rows: str) -> str:
    return HEAD + "".join(f"{row}\n" for row in rows)


def wider(*rows: str, head: str = "Дата;Контрагент;Сумма;Склад\n", more: str = ";Север") -> str:
    """The same rows with a column more."""
    return head + "".join(f"{row}{more}\n" for row in rows)


def amounts(desk: Desk) -> list[int]:
    return [int(amount) for _, _, amount in sorted(desk.orders(), key=lambda order: order[1])]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_column_added_is_the_same_export(desk: Desk) -> None:
    desk.load({"продажи.csv": plain(*WEEK)})
    (report,) = desk.load({"продажи новые.csv": wider(*WEEK, "06.03.2026;Лютик;600")})
    assert amounts(desk) == [100, 200, 300, 400, 500, 600]
    assert report.changes is not None and (report.changes.new, report.changes.gone, report.replaced_rows) == (1, 0, 5)
    (note,) = report.remarks
    assert (note.key, note.facts) == ("recognise.same_export", {"other": "продажи.csv", "found": 5, "count": 5})


def test_so_is_a_column_left_out_and_a_column_renamed(desk: Desk) -> None:
    desk.load({"a.csv": wider(*WEEK)})
    desk.load({"b.csv": plain(*WEEK)})
    desk.load({"c.csv": plain(*WEEK).replace("Контрагент", "Клиент")})
    assert amounts(desk) == [100, 200, 300, 400, 500]


def test_the_source_goes_on_under_the_new_headers(desk: Desk) -> None:
    """Days outside the file that brought the new column belong to the source too: a later file over them replaces them."""
    desk.load({"a.csv": plain(*WEEK)})
    desk.load({"b.csv": wider(*WEEK[2:])})
    desk.load({"c.csv": wider("01.03.2026;Ромашка;111", "02.03.2026;Лютик;200")})
    assert amounts(desk) == [111, 200, 300, 400, 500]


def test_four_of_five_rows_are_the_same_export_and_three_of_five_are_not(desk: Desk) -> None:
    desk.load({"a.csv": plain(*WEEK)})
    (report,) = desk.load({"b.csv": wider(*WEEK[:3], "04.03.2026;Астра;401", "05.03.2026;Астра;501")})
    assert [note.key for note in report.remarks] == ["recognise.shared_rows"]
    assert sum(amounts(desk)) == 1500 + 600 + 401 + 501


def test_four_of_five(desk: Desk) -> None:
    desk.load({"a.csv": plain(*WEEK)})
    (report,) = desk.load({"b.csv": wider(*WEEK[:4], "05.03.2026;Астра;501")})
    assert [note.key for note in report.remarks] == ["recognise.same_export"]
    assert amounts(desk) == [100, 200, 300, 400, 501]


def test_one_row_of_five_is_said_and_one_of_six_is_not(desk: Desk) -> None:
    desk.load({"a.csv": plain(*WEEK)})
    (report,) = desk.load({"b.csv": wider(WEEK[0], "05.03.2026;Ромашка;7")})
    assert [note.facts["found"] for note in report.remarks] == [1]
    desk.load({"a.csv": plain(*WEEK, "05.03.2026;Астра;600")}, None)
    (report,) = desk.load({"c.csv": wider(WEEK[1], "01.03.2026;Ромашка;8", "05.03.2026;Ромашка;8", head="Дата;Контрагент;Сумма;Отдел\n")})
    assert report.remarks == ()


def test_two_sources_with_other_events_stand_beside_each_other(desk: Desk) -> None:
    desk.load({"опт.csv": plain(*WEEK)})
    (report,) = desk.load({"розница.csv": wider("01.03.2026;Ромашка;101", "05.03.2026;Астра;5")})
    assert report.remarks == () and len(amounts(desk)) == 7


def test_the_user_may_say_that_it_is_another_export(desk: Desk) -> None:
    desk.load({"a.csv": plain(*WEEK)})
    (report,) = desk.load({"b.csv": wider(*WEEK)}, Correction(None, beside=True))
    assert report.remarks == () and sum(amounts(desk)) == 3000
    desk.load({"b2.csv": wider(*WEEK, "06.03.2026;Лютик;600")})  # remembered, and known by its headers now
    assert sum(amounts(desk)) == 3600


def test_rows_that_are_added_on_purpose_are_added_and_said(desk: Desk) -> None:
    desk.load({"a.csv": plain(*WEEK)})
    path = desk.folder / "b.csv"
    path.write_text(wider(*WEEK))
    (report,) = imports.load(desk.ws, [imports.Upload("b.csv", path)], mode="add")
    assert [note.key for note in report.remarks] == ["recognise.shared_rows"] and sum(amounts(desk)) == 3000


def test_numbers_dates_and_names_of_clients_may_be_written_otherwise(desk: Desk) -> None:
    desk.load({"a.csv": plain(*WEEK)})
    other = "Дата;Код клиента;Контрагент;Сумма\n" + "".join(
        f"2026-03-0{day};{day:03};{name};{money},00\n" for day, name, money in
        [(1, "Ромашка", "100"), (2, "Лютик", "200"), (3, "Ромашка", "300"), (4, "Астра", "400"), (5, "Астра", "500")]
    )  # fmt: skip
    (report,) = desk.load({"b.csv": other})
    assert [note.key for note in report.remarks] == ["recognise.same_export"] and len(amounts(desk)) == 5


@pytest.mark.parametrize("month", [wider(*WEEK[:4], "05.03.2026;Астра;501"), plain(*WEEK[:4], "05.03.2026;Астра;501")])
def test_two_files_of_one_load_are_as_if_loaded_one_after_the_other(desk: Desk, month: str) -> None:
    quarter, later = desk.load({"квартал.csv": plain("01.01.2026;Лютик;50", *WEEK, "01.04.2026;Лютик;60"), "март.csv": month})
    assert amounts(desk) == [50, 100, 200, 300, 400, 501, 60]
    assert [(note.key, note.facts) for note in later.remarks] == [
        ("recognise.same_in_load", {"other": "квартал.csv", "found": 4, "count": 5}),
    ]  # fmt: skip
    assert [(note.key, note.facts) for note in quarter.remarks] == [("recognise.given_way", {"count": 5})]
    assert quarter.changes is not None and later.changes is not None and (quarter.changes.new, later.changes.new) == (2, 5)
    assert quarter.amount is None and later.amount == 1501


def test_three_forms_of_one_table_in_one_load_count_once(desk: Desk) -> None:
    reports = desk.load({"a.csv": plain(*WEEK), "b.csv": wider(*WEEK), "c.csv": plain(*WEEK).replace("Контрагент", "Клиент")})
    assert failures(reports) == [] and [report.rows_loaded for report in reports] == [5, 5, 5]
    assert amounts(desk) == [100, 200, 300, 400, 500]


def test_files_added_on_purpose_in_one_load_all_count(desk: Desk) -> None:
    uploads = []
    for name in ("a.csv", "b.csv"):
        (desk.folder / name).write_text(plain(*WEEK) + ("\n" if name == "a.csv" else ""))
        uploads.append(imports.Upload(name, desk.folder / name))
    first, second = imports.load(desk.ws, uploads, mode="add")
    assert [note.key for note in (*first.remarks, *second.remarks)] == ["recognise.shared_rows"] and len(amounts(desk)) == 10


def test_sheets_of_two_shops_in_one_load_are_both_taken(desk: Desk) -> None:
    reports = desk.load({"север.csv": plain(*WEEK), "юг.csv": plain("01.03.2026;Ромашка;1", "05.03.2026;Лютик;5")})
    assert failures(reports) == [] and [report.remarks for report in reports] == [(), ()] and len(amounts(desk)) == 7


def test_rows_are_found_again_one_for_one(desk: Desk) -> None:
    desk.load({"a.csv": plain(*[WEEK[0]] * 5)})
    (report,) = desk.load({"b.csv": wider(WEEK[0])})
    assert [(note.key, note.facts["found"], note.facts["count"]) for note in report.remarks] == [("recognise.shared_rows", 1, 5)]


def test_touches_are_found_again_by_their_words_or_their_moment(desk: Desk) -> None:
    desk.load({"a.csv": "Дата;Клиент;Тип;Комментарий\n01.03.2026;Ромашка;Звонок;договорились\n02.03.2026 10:15;Лютик;Письмо;\n"})
    more = "01.03.2026;Ромашка;Иванов;Звонок;договорились\n02.03.2026 10:15;Лютик;Иванов;Письмо;\n"
    desk.load({"b.csv": "Дата;Клиент;Менеджер;Тип;Комментарий\n" + more})
    assert desk.rows("select count(*), count(manager) from core.touches") == [(2, 2)]


def test_amounts_made_of_quantity_and_price_are_found_again_by_both(desk: Desk) -> None:
    rows = ["01.03.2026;Ромашка;2;50", "01.03.2026;Ромашка;2;60"]
    desk.load({"a.csv": "Дата;Контрагент;Количество;Цена\n" + "\n".join(rows)})
    (report,) = desk.load({"b.csv": "Дата;Контрагент;Количество;Цена;Склад\n" + "".join(f"{row};Юг\n" for row in rows)})
    assert [note.key for note in report.remarks] == ["recognise.same_export"] and amounts(desk) in ([100, 120], [120, 100])
    (report,) = desk.load({"c.csv": "Дата;Контрагент;Количество;Цена;Отдел\n01.03.2026;Ромашка;2;51;Юг\n"})
    assert report.remarks == ()


def test_a_day_and_a_client_alone_tell_no_touch(desk: Desk) -> None:
    desk.load({"a.csv": "Дата касания;Клиент;Тип\n01.03.2026;Ромашка;Звонок\n"})
    (report,) = desk.load({"b.csv": "Дата касания;Клиент;Тип;Менеджер\n01.03.2026;Ромашка;Звонок;Иванов\n"})
    assert report.remarks == () and desk.rows("select count(*) from core.touches") == [(2,)]


def test_a_rebuild_takes_the_same_exports_for_one(desk: Desk) -> None:
    desk.load({"a.csv": plain(*WEEK)})
    desk.load({"b.csv": wider(*WEEK[1:])})
    desk.load({"c.csv": wider(*WEEK, head="Дата;Контрагент;Сумма;Отдел\n")}, Correction(None, beside=True))
    before, sheets = desk.orders(), desk.rows("select * exclude (loaded_at) from raw.sheets order by sheet_id")
    rebuild(desk.ws)
    assert desk.orders() == before and len(before) == 10
    assert desk.rows("select * exclude (loaded_at) from raw.sheets order by sheet_id") == sheets


def test_a_snapshot_in_the_same_load_is_compared_by_all_its_columns(desk: Desk) -> None:
    clients = "Клиент;Менеджер\nРомашка;Иванов\nЛютик;Петров\n"
    desk.load({"заказы.csv": plain(*WEEK), "клиенты.csv": clients})
    _, of_clients = desk.load({"заказы2.csv": wider(*WEEK), "клиенты2.csv": clients.replace("Петров", "Сидоров")})
    assert of_clients.changes is not None
    assert (of_clients.changes.new, of_clients.changes.changed, of_clients.changes.same) == (0, 1, 1)


RECEIPTS = "Дата;Номер;Контрагент;Сумма\n"


def test_receipts_of_two_shops_that_begin_with_one_every_day_are_two_exports(desk: Desk) -> None:
    north = RECEIPTS + "01.03.2026;1;Ромашка;100\n01.03.2026;2;Лютик;200\n02.03.2026;1;Астра;300\n"
    south = RECEIPTS + "01.03.2026;1;Клевер;15\n01.03.2026;2;Мак;25\n02.03.2026;1;Роза;35\n"
    reports = desk.load({"север.csv": north, "юг.csv": south})
    assert [report.remarks for report in reports] == [(), ()] and len(amounts(desk)) == 6


def test_where_both_have_numbers_equal_money_of_one_client_is_no_equal_row(desk: Desk) -> None:
    north = RECEIPTS + "01.03.2026;C-1;Розница;100\n01.03.2026;C-2;Розница;200\n"
    south = RECEIPTS + "01.03.2026;Ю-1;Розница;100\n01.03.2026;Ю-2;Розница;200\n"
    reports = desk.load({"север.csv": north, "юг.csv": south})
    assert [report.remarks for report in reports] == [(), ()] and len(amounts(desk)) == 4


def test_where_one_has_numbers_alone_money_and_client_tell(desk: Desk) -> None:
    desk.load({"a.csv": plain(*WEEK)})
    desk.load({"b.csv": RECEIPTS + "".join(row.replace(";", f";{number};", 1) + "\n" for number, row in enumerate(WEEK))})
    assert amounts(desk) == [100, 200, 300, 400, 500]


def test_goods_tell_lines_of_one_amount_apart(desk: Desk) -> None:
    head = "Дата;Контрагент;Товар;Сумма\n"
    north, south = (head + "".join(f"01.03.2026;Розница;{goods};100\n" for goods in names) for names in (("чай", "сок"), ("мыло", "щётка")))
    reports = desk.load({"север.csv": north, "юг.csv": south})
    assert [report.remarks for report in reports] == [(), ()] and len(amounts(desk)) == 4


def test_a_return_of_the_same_day_is_no_sale_found_again(desk: Desk) -> None:
    reports = desk.load({"Возвраты.csv": plain(*WEEK[:2]), "Реализации.csv": plain(*WEEK)})
    assert [note.key for report in reports for note in report.remarks] == ["recognise.returns_by_name"]
    assert sorted(int(amount) for _, _, amount in desk.orders()) == [-200, -100, 100, 200, 300, 400, 500]


def test_returns_and_sales_of_the_same_headers_are_two_sources(desk: Desk) -> None:
    desk.load({"Реализации март.csv": plain(*WEEK)})
    (report,) = desk.load({"Возвраты март.csv": plain("01.03.2026;Ромашка;30", "05.03.2026;Астра;50")})
    assert report.changes is not None and (report.changes.new, report.changes.gone) == (2, 0)
    assert sum(int(amount) for _, _, amount in desk.orders()) == 1500 - 80
    desk.load({"Возвраты март 2.csv": plain("01.03.2026;Ромашка;31", "05.03.2026;Астра;50")})
    assert sum(int(amount) for _, _, amount in desk.orders()) == 1500 - 81
    rebuild(desk.ws)
    assert sum(int(amount) for _, _, amount in desk.orders()) == 1500 - 81

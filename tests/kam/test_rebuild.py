"""Everything again from the kept files: the same database, table by table and row by row."""

from __future__ import annotations

import shutil
from datetime import date
from typing import Any

import duckdb
import pytest

from kam import imports
from kam.errors import KamError
from kam.imports import EVERY_SHEET
from kam.rebuild import rebuild
from kam.recognise import Correction
from kam.workspace import Workspace
from tests.kam.conftest import Write


def whole(ws: Workspace) -> dict[str, list[Any]]:
    """Every row of every table of the dataset in force, settings and merges included."""
    assert ws.dataset_id is not None
    with duckdb.connect(str(ws.datasets.path(ws.dataset_id)), read_only=True) as connection:
        names = connection.execute("select schema_name || '.' || table_name from duckdb_tables() where not internal").fetchall()
        return {name: connection.execute(f"select * from {name} order by all").fetchall() for (name,) in names}


def a_quarter(ws: Workspace, write: Write) -> None:
    """Loads as a quarter has them: replaced periods, an answer about a column, a snapshot a week, one load undone."""
    head = "Номер | Контрагент | Дата | Сумма | Склад\n"
    imports.load(ws, [write("jan-mar.csv", head + "1 | Альфа | 15.01.2026 | 100 | А\n2 | Бета | 10.03.2026 | 200 | Б")])
    imports.load(ws, [write("feb-apr.csv", head + "2 | Бета | 10.03.2026 | 250 | Б\n3 | ООО Гамма | 02.04.2026 | плохо | В\n"
                                                  "4 | Гамма | 05.04.2026 | 70 | В")])  # fmt: skip
    undone = imports.load(ws, [write("wrong.csv", head + "9 | Омега | 01.04.2026 | 999999 | Г")], mode="replace-all")
    assert undone[0].error is None
    imports.undo(ws)
    told = {EVERY_SHEET: Correction("orders", {"Кому": "client", "Когда": "date", "Сколько": "amount"}, {"Когда": "mdy"})}
    imports.load(ws, [write("odd.csv", "Кому | Когда | Сколько\nДельта | 03/04/2026 | 10\nДельта | 05/06/2026 | 20")], corrections=told)
    week = "promise_id | client | text | due_on\n1 | Альфа | Чертёж | "
    for day, due in ((date(2026, 3, 2), "10.03.2026"), (date(2026, 3, 9), "20.03.2026")):
        imports.load(ws, [write(f"promises {day}.csv", week + due)])
    bad, good = write("bad.csv", head + "7 | Альфа | нет | нет | А"), write("good.csv", head + "8 | Альфа | 06.04.2026 | 8 | А")
    refused = imports.load(ws, [bad, good])
    assert [report.error is None for report in refused] == [False, True]


def test_a_rebuilt_dataset_is_the_same_table_by_table(ws: Workspace, write: Write) -> None:
    a_quarter(ws, write)
    before, old_id = whole(ws), ws.dataset_id
    assert sum(len(rows) for name, rows in before.items() if name.startswith("raw.")) > 10
    assert rebuild(ws) == 6
    assert ws.dataset_id != old_id
    assert whole(ws) == before


def test_a_workspace_that_lost_its_datasets_is_rebuilt(ws: Workspace, write: Write) -> None:
    a_quarter(ws, write)
    before = whole(ws)
    ws.close()
    shutil.rmtree(ws.path / "datasets")
    (ws.path / "CURRENT").unlink()
    again = Workspace(ws.path)
    rebuild(again)
    assert whole(again) == before
    with pytest.raises(KamError, match="nothing_to_undo"):  # the dataset before it is gone, an empty one is no answer
        imports.undo(again)


def test_a_rebuilt_dataset_is_undone_like_the_one_it_took_the_place_of(ws: Workspace, write: Write) -> None:
    imports.load(ws, [write("one.csv", "Контрагент | Дата | Сумма\nАльфа | 15.01.2026 | 100")])
    first = whole(ws)
    imports.load(ws, [write("two.csv", "Контрагент | Дата | Сумма | Склад\nБета | 15.01.2026 | 5 | Б")])
    rebuild(ws)
    imports.undo(ws)
    assert whole(ws) == first
    assert [one.undone_at is None for one in imports.history(ws)] == [False, True]
    rebuild(ws)
    assert whole(ws) == first


def test_own_data_after_the_demo_are_rebuilt_without_it(ws: Workspace, write: Write) -> None:
    imports.load(ws, [write("demo.csv", "Контрагент | Дата | Сумма\nДемо | 15.01.2026 | 1")], is_demo=True)
    demo = whole(ws)
    rebuild(ws)
    assert whole(ws) == demo and ws.is_demo
    imports.load(ws, [write("own.csv", "Контрагент | Дата | Сумма\nАльфа | 15.01.2026 | 100")])
    own = whole(ws)
    rebuild(ws)
    assert whole(ws) == own and not ws.is_demo


def test_merges_of_clients_hold_after_a_rebuild(ws: Workspace, write: Write) -> None:
    imports.load(ws, [write("one.csv", "Контрагент | Дата | Сумма\nАльфа | 15.01.2026 | 100\nАльфа Плюс | 16.01.2026 | 50")])
    ws.journal.set_merge("Альфа Плюс", "Альфа")
    (row,) = ws.fetch("marts.client_classes").to_pylist()
    rebuild(ws)
    assert ws.fetch("marts.client_classes").to_pylist() == [row]
    assert row["revenue"] == 150


def test_a_kept_file_that_is_gone_or_changed_stops_the_rebuild_and_nothing_is_lost(ws: Workspace, write: Write) -> None:
    a_quarter(ws, write)
    before, in_force = whole(ws), ws.dataset_id
    (kept,) = (ws.path / "files").glob(f"{imports.history(ws)[0].files[0]['hash']}*")
    kept.write_bytes(kept.read_bytes() + b"1;x")
    with pytest.raises(KamError, match="original_missing"):
        rebuild(ws)
    kept.unlink()
    with pytest.raises(KamError, match="original_missing"):
        rebuild(ws)
    assert (ws.dataset_id, whole(ws)) == (in_force, before)


def test_an_empty_workspace_has_nothing_to_rebuild(ws: Workspace) -> None:
    with pytest.raises(KamError, match="nothing_to_rebuild"):
        rebuild(ws)


def test_a_refused_file_takes_the_place_of_nothing(ws: Workspace, write: Write) -> None:
    head = "Номер | Контрагент | Дата | Сумма\n"
    imports.load(ws, [write("good.csv", head + "1 | Альфа | 15.01.2026 | 100")])
    reports = imports.load(
        ws,
        [
            write("bad.csv", head + "1 | Альфа | 15.01.2026 | нет"),
            write("staff.csv", "name | role\nИванов | менеджер"),
        ],
    )
    assert [report.error.key if report.error else None for report in reports] == ["errors.all_amount_unreadable", None]
    (row,) = ws.fetch("marts.client_classes").to_pylist()
    assert row["revenue"] == 100


def test_an_import_killed_before_it_came_in_force_is_struck_out_of_the_log(ws: Workspace, write: Write) -> None:
    imports.load(ws, [write("one.csv", "Контрагент | Дата | Сумма\nАльфа | 15.01.2026 | 100")])
    ws.journal.add_import("never-published", ws.dataset_id, "add", False, [])
    imports.load(ws, [write("two.csv", "Контрагент | Дата | Сумма\nБета | 15.01.2026 | 5")])
    assert [one.undone_at is None for one in imports.history(ws)] == [True, False, True]

"""What a load changes, told row by row before and after it is loaded."""

from __future__ import annotations

from kam import imports
from kam.imports import SheetReport
from kam.workspace import Workspace
from tests.kam.conftest import Write

MARCH = """
Номер | Контрагент | Дата | Сумма
1 | Альфа | 01.03.2026 | 100
2 | Бета | 10.03.2026 | 200
2 | Бета | 10.03.2026 | 200
3 | Гамма | 31.03.2026 | 300
"""


def counts(report: SheetReport) -> tuple[int, int, int, int]:
    """New, changed, gone, same."""
    assert report.changes is not None
    return report.changes.new, report.changes.changed, report.changes.gone, report.changes.same


def lines(report: SheetReport) -> list[tuple[object, ...]]:
    assert report.changes is not None and report.changes.rows is not None
    return [(row["change"], row["row_number"], row["column_name"], row["before"], row["after"]) for row in report.changes.rows.to_pylist()]


def test_a_first_load_is_all_new(ws: Workspace, write: Write) -> None:
    (report,) = imports.inspect(ws, [write("march.csv", MARCH)])
    assert counts(report) == (4, 0, 0, 0)


def test_the_same_rows_again_are_as_before_in_whatever_order(ws: Workspace, write: Write) -> None:
    imports.load(ws, [write("march.csv", MARCH)])
    head, *rows = MARCH.strip().splitlines()
    (report,) = imports.inspect(ws, [write("again.csv", "\n".join([head, *reversed(rows)]))])
    assert counts(report) == (0, 0, 0, 4)
    assert lines(report) == []


def test_new_changed_and_gone_rows_are_told_with_their_cells(ws: Workspace, write: Write) -> None:
    imports.load(ws, [write("march.csv", MARCH)])
    again = """
    Номер | Контрагент | Дата | Сумма
    1 | Альфа | 01.03.2026 | 150
    2 | Бета | 10.03.2026 | 200
    4 | Дельта | 20.03.2026 | 400
    3 | Гамма | 31.03.2026 | 300
    """
    looked = imports.inspect(ws, [write("again.csv", again)])[0]
    loaded = imports.load(ws, [write("again.csv", again)])[0]
    for report in (looked, loaded):
        # One of the two equal lines of document 2 is gone, and only one.
        assert counts(report) == (1, 1, 1, 2)
        assert lines(report) == [
            ("gone", 4, None, None, None), ("changed", 2, "amount", "100", "150"), ("new", 4, None, None, None),
        ]  # fmt: skip


def test_rows_outside_the_period_are_neither_gone_nor_compared(ws: Workspace, write: Write) -> None:
    imports.load(ws, [write("march.csv", MARCH)])
    april = "Номер | Контрагент | Дата | Сумма\n3 | Гамма | 31.03.2026 | 300\n5 | Альфа | 02.04.2026 | 70"
    (report,) = imports.inspect(ws, [write("april.csv", april)])
    assert counts(report) == (1, 0, 0, 1)


def test_rows_without_a_number_are_equal_or_new_and_gone_never_changed(ws: Workspace, write: Write) -> None:
    imports.load(ws, [write("a.csv", "Контрагент | Дата | Сумма\nАльфа | 01.03.2026 | 100\nБета | 02.03.2026 | 5")])
    (report,) = imports.inspect(ws, [write("b.csv", "Контрагент | Дата | Сумма\nАльфа | 01.03.2026 | 120\nБета | 02.03.2026 | 5")])
    assert counts(report) == (1, 0, 1, 1)


def test_adding_takes_nothing_away(ws: Workspace, write: Write) -> None:
    imports.load(ws, [write("march.csv", MARCH)])
    more = "Номер | Контрагент | Дата | Сумма\n6 | Альфа | 15.03.2026 | 60"
    (added,) = imports.inspect(ws, [write("more.csv", more)], mode="add")
    (replaced,) = imports.inspect(ws, [write("more.csv", more)], mode="replace-all")
    assert counts(added) == (1, 0, 0, 0)
    assert counts(replaced) == (1, 0, 4, 0)


def test_a_snapshot_is_held_against_the_one_before_of_the_same_source(ws: Workspace, write: Write) -> None:
    week = "promise_id | client | text | due_on\n1 | Альфа | Чертёж | 10.03.2026\n2 | Бета | Счёт | 12.03.2026"
    next_week = "promise_id | client | text | due_on\n1 | Альфа | Чертёж | 20.03.2026\n3 | Гамма | Образец | 25.03.2026"
    imports.load(ws, [write("promises 2026-03-02.csv", week)])
    (report,) = imports.load(ws, [write("promises 2026-03-09.csv", next_week)])
    assert counts(report) == (1, 1, 1, 0)
    assert lines(report) == [
        ("gone", 3, None, None, None), ("changed", 2, "due_on", "10.03.2026", "20.03.2026"), ("new", 3, None, None, None),
    ]  # fmt: skip
    assert report.replaced_rows == 0  # the week before is kept


def test_files_of_one_source_loaded_together_are_told_of_once(ws: Workspace, write: Write) -> None:
    imports.load(ws, [write("march.csv", MARCH)])
    head = "Номер | Контрагент | Дата | Сумма\n"
    first = write("one.csv", head + "1 | Альфа | 01.03.2026 | 100")
    second = write("two.csv", head + "3 | Гамма | 31.03.2026 | 310")
    reports = imports.inspect(ws, [first, second])
    assert [counts(report) for report in reports] == [(0, 1, 2, 1), (0, 0, 0, 0)]

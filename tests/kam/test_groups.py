"""Rows that are sums of other rows, lines that go on with the order above, and the file's own total."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from kam import imports
from kam.conventions import number
from kam.imports import SheetReport, Upload
from kam.workspace import Workspace

Load = Callable[[str], SheetReport]


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "workspace")


@pytest.fixture
def load(ws: Workspace, tmp_path: Path) -> Load:
    """Loads `a | b` lines as one csv file and gives its report."""

    def load_text(text: str) -> SheetReport:
        path = tmp_path / "продажи.csv"
        lines = [";".join(cell.strip() for cell in line.split("|")) for line in text.strip().splitlines()]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return imports.load(ws, [Upload(path.name, path)])[0]

    return load_text


def orders(ws: Workspace) -> list[tuple[str, str, Decimal]]:
    lines = ws.fetch("marts.evidence_orders").to_pylist()
    return sorted((line["client_id"], str(line["ordered_on"]), line["amount"]) for line in lines)


def left_out(report: SheetReport) -> list[tuple[int, str]]:
    return [(row.row_number, row.kind) for row in report.left_out]


GROUPED = """
Контрагент | Номер | Дата | Сумма
Москва | | | 600,50
Альфа | | | 400,50
 | 1 | 15.01.2026 | 100,50
 | 2 | 05.03.2026 | 300,00
Бета | | | 200,00
 | 3 | 10.02.2026 | 200,00
Итого | | | 600,50
"""


def test_group_rows_above_their_children_are_left_out_and_name_their_client(ws: Workspace, load: Load) -> None:
    report = load(GROUPED)
    assert (report.rows_read, report.rows_loaded, report.reasons) == (3, 3, {})
    assert left_out(report) == [(2, "group"), (3, "group"), (6, "group"), (8, "total")]
    assert (report.amount, report.total, report.total_difference) == (Decimal("600.5"), Decimal("600.5"), 0)
    assert orders(ws) == [
        ("Альфа", "2026-01-15", Decimal("100.5")), ("Альфа", "2026-03-05", 300), ("Бета", "2026-02-10", 200),
    ]  # fmt: skip


def test_subtotals_under_their_children_are_left_out(ws: Workspace, load: Load) -> None:
    report = load("""
        Контрагент | Дата | Сумма
        Альфа | 15.01.2026 | 100
        Альфа | 05.03.2026 | 300
        Альфа (сумма) | | 400
        Бета | 10.02.2026 | 200
        Бета (сумма) | | 200
    """)
    assert left_out(report) == [(4, "group"), (6, "group")]
    assert orders(ws) == [("Альфа", "2026-01-15", 100), ("Альфа", "2026-03-05", 300), ("Бета", "2026-02-10", 200)]


def test_a_row_without_its_date_is_rejected_however_it_equals_its_neighbour(ws: Workspace, load: Load) -> None:
    report = load("""
        Контрагент | Дата | Сумма
        Альфа | | 100
        Альфа | 15.01.2026 | 100
        Бета | 10.02.2026 | 200
    """)
    assert (report.rows_loaded, report.reasons, left_out(report)) == (2, {"date_missing": 1}, [])


def test_a_last_row_that_only_sums_up_is_no_line_of_the_last_order(ws: Workspace, load: Load) -> None:
    report = load("""
        Контрагент | Дата | Товар | Сумма
        Альфа | 15.01.2026 | Стол | 100
        Бета | 10.02.2026 | Стул | 200
        | | | 300
    """)
    assert (report.amount, left_out(report)) == (300, [(4, "group")])
    wrong = load("""
        Контрагент | Дата | Товар | Сумма
        Альфа | 15.01.2026 | Стол | 100
        Бета | 10.02.2026 | Стул | 200
        | | | 305
    """)
    assert (wrong.amount, wrong.reasons) == (300, {"client_missing": 1})


def test_lines_that_leave_their_order_blank_belong_to_the_order_above(ws: Workspace, load: Load) -> None:
    report = load("""
        Order Reference | Customer | Order Date | Order Lines/Product | Order Lines/Subtotal
        S1 | Alfa | 2026-01-15 | Table | 100.50
         | | | Chair | 20.25
        S2 | Beta | 2026-02-10 | Lamp | 30.00
         | | | Bulb | 1.25
         | | | Note: deliver by noon |
    """)
    assert (report.rows_read, report.rows_loaded, report.continued, report.reasons) == (4, 4, 2, {})
    assert left_out(report) == [(6, "continued")]
    assert orders(ws) == [
        ("Alfa", "2026-01-15", Decimal("20.25")), ("Alfa", "2026-01-15", Decimal("100.5")),
        ("Beta", "2026-02-10", Decimal("1.25")), ("Beta", "2026-02-10", 30),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("total", "difference"), [("300,00", 0), ("350,00", 50), ("1 300,00", 1000), ("299,99", Decimal("-0.01"))]
)
def test_the_difference_to_the_files_own_total_is_money(load: Load, total: str, difference: Decimal) -> None:
    report = load(f"""
        Контрагент | Дата | Сумма
        Альфа | 15.01.2026 | 100,00
        Бета | 10.02.2026 | 200,00
        Общий итог | | {total}
    """)
    assert (report.amount, report.total_difference) == (300, difference)


def test_totals_of_parts_are_added_up_and_the_total_of_all_stands_for_itself(load: Load) -> None:
    parts = load("""
        Контрагент | Дата | Сумма
        Альфа | 15.01.2026 | 100
        Итого | | 100
        Бета | 10.02.2026 | 200
        Итого | | 200
    """)
    assert (parts.total, parts.total_difference) == (300, 0)
    both = load("""
        Контрагент | Дата | Сумма
        Альфа | 15.01.2026 | 100
        Итого | | 100
        Бета | 10.02.2026 | двести
        Итого | | 200
        Общий итог | | 300
    """)
    assert (both.total, both.total_difference, both.reasons) == (300, 200, {"amount_unreadable": 1})


def test_a_file_without_a_total_is_held_against_none(load: Load) -> None:
    report = load("Контрагент | Дата | Сумма\nАльфа | 15.01.2026 | 100")
    assert (report.total, report.total_difference) == (None, None)


@pytest.mark.parametrize(
    ("text", "style", "value"),
    [
        ("1 234,50", "comma", "1234.50"), ("1\u00a0234,5 ₽", "comma", "1234.5"), ("1.234.567", "comma", "1234567"),
        ("1234.5", "comma", "1234.5"), ("1,234.56", "dot", "1234.56"), ("(1 234,56)", "comma", "-1234.56"),
        ("12-", "dot", "-12"), ("−5", "dot", "-5"), ("—", "dot", None), ("inf", "dot", None), ("Стол", "comma", None),
    ],
)  # fmt: skip
def test_a_number_of_a_total_row_reads_as_the_loaded_ones_do(text: str, style: str, value: str | None) -> None:
    assert number(text, style) == (None if value is None else Decimal(value))

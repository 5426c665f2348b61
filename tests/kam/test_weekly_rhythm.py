"""The weekly rhythm of a director: three months at a time, a month further each time, with rows changed, new and taken out;
then the same file again, then one load back. The figures are exact after each step, with numbers of documents and without.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kam import imports
from kam.workspace import Workspace
from tests.kam.conftest import Write

JANUARY_TO_MARCH = """
Номер | Контрагент | Дата | Сумма
1 | Альфа | 10.01.2026 | 100
2 | Альфа | 05.02.2026 | 200
3 | Бета | 20.02.2026 | 300
4 | Бета | 10.03.2026 | 400
5 | Гамма | 31.03.2026 | 500
"""
# 3 is 350 now, 4 was taken out, 6 stands in March and was forgotten then, 7 is of April.
FEBRUARY_TO_APRIL = """
Номер | Контрагент | Дата | Сумма
2 | Альфа | 05.02.2026 | 200
3 | Бета | 20.02.2026 | 350
5 | Гамма | 31.03.2026 | 500
6 | Альфа | 15.03.2026 | 60
7 | Гамма | 20.04.2026 | 70
"""
FIRST = {"Альфа": (300, 2), "Бета": (700, 2), "Гамма": (500, 1)}
SECOND = {"Альфа": (360, 3), "Бета": (350, 1), "Гамма": (570, 2)}


def figures(ws: Workspace) -> dict[str, tuple[Decimal, int]]:
    """Revenue and orders of each client, by the marts that the screens ask."""
    revenue = {row["client_id"]: row["revenue"] for row in ws.fetch("marts.client_classes", as_of=date(2026, 4, 30)).to_pylist()}
    orders = {row["client_id"]: row["order_count"] for row in ws.fetch("marts.client_cycles", as_of=date(2026, 4, 30)).to_pylist()}
    return {client: (revenue[client], orders[client]) for client in revenue}


@pytest.mark.parametrize("has_numbers", [True, False])
def test_figures_are_exact_after_each_load_and_after_the_way_back(ws: Workspace, write: Write, has_numbers: bool) -> None:
    def load(name: str, text: str) -> tuple[int, int, int, int]:
        told = text if has_numbers else "\n".join(line.partition(" | ")[2] for line in text.strip().splitlines())
        (report,) = imports.load(ws, [write(name, told)])
        assert report.changes is not None and report.rows_rejected == 0
        return report.changes.new, report.changes.changed, report.changes.gone, report.changes.same

    assert load("первая неделя.csv", JANUARY_TO_MARCH) == (5, 0, 0, 0)
    assert figures(ws) == FIRST
    # Without numbers nothing tells that the 350 is the 300 of last week: one is gone and one is new.
    assert load("вторая неделя.csv", FEBRUARY_TO_APRIL) == ((2, 1, 1, 2) if has_numbers else (3, 0, 2, 2))
    assert figures(ws) == SECOND
    assert load("вторая неделя.csv", FEBRUARY_TO_APRIL) == (0, 0, 0, 5)
    assert figures(ws) == SECOND
    imports.undo(ws)
    assert figures(ws) == SECOND
    imports.undo(ws)
    assert figures(ws) == FIRST
    imports.undo(ws)
    assert ws.dataset_id is None

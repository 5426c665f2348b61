"""A promise without an id is known by its client, text and day: another spacing of them is the same promise."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.kam.test_traps import Desk, failures

HEADER = "Клиент;Обещание;Дата обещания;Срок\n"


def load(desk: Desk, day: int, client: str, text: str, due: str) -> tuple[int, int, int]:
    """How many promises were new, changed and gone."""
    content = f"{HEADER}{client};{text};02.03.2026;{due}\n"
    (report,) = desk.load({f"Обещания 2026-03-{day:02}.csv": content})
    assert failures([report]) == [] and report.changes is not None
    return report.changes.new, report.changes.changed, report.changes.gone


@pytest.mark.parametrize(
    ("client", "text"),
    [
        ("Ромашка", "Дать  цену"), ("Ромашка", " Дать цену "), ("Ромашка", "Дать\u00a0цену\u00a0"), ("Ромашка ", "Дать\u2007цену"),
        ("\u00a0Ромашка", "Дать\u202fцену"), ("Ромашка", "Дать\u2003 цену\t"),
    ],
)  # fmt: skip
def test_another_spacing_is_the_same_promise(tmp_path: Path, client: str, text: str) -> None:
    desk = Desk(tmp_path)
    load(desk, 9, "Ромашка", "Дать цену", "16.03.2026")
    assert load(desk, 16, client, text, "20.03.2026") == (0, 1, 0)
    (state,) = desk.ws.fetch("marts.promise_states", as_of=date(2026, 3, 17)).to_pylist()
    told = (state["promise_id"], state["original_due_on"], state["due_on"], state["silent_move_count"])
    assert told == ("Ромашка · Дать цену · 2026-03-02", date(2026, 3, 16), date(2026, 3, 20), 1)


@pytest.mark.parametrize(("client", "text"), [("Ромашка", "Датьцену"), ("Ромашка", "Дать цену."), ("Ромаш ка", "Дать цену")])
def test_another_text_is_another_promise(tmp_path: Path, client: str, text: str) -> None:
    desk = Desk(tmp_path)
    load(desk, 9, "Ромашка", "Дать цену", "16.03.2026")
    assert load(desk, 16, client, text, "20.03.2026") == (1, 0, 1)
    assert len(desk.rows("select distinct promise_id from core.promise_snapshots")) == 2

"""Three weekly loads of one promises export in which dates move with and without record: every silent move is found,
dated and attributed, and none is invented, however the exports come in (METHOD 5).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from random import Random

import pytest

from kam import imports
from kam.imports import Upload
from kam.workspace import Workspace

HEAD = "Номер обещания;Клиент;Обещание;Ответственный;Дано;Срок;Выполнено;Перенесено;Объяснение;Извинение;Новый срок"
FIELDS = ("promise_id", "client", "text", "owner", "made_on", "due_on", "done_on", "moved_on", "explanation", "apology", "new_due_on")
WEEKS = (date(2026, 3, 2), date(2026, 3, 9), date(2026, 3, 16))
FILES = tuple(f"promises {week}.csv" for week in WEEKS)

TOLD = {"moved_on": "06.03.2026", "explanation": "фура опоздала", "apology": "по телефону", "new_due_on": "20.03.2026"}
# Each promise as the three exports show it: what differs from "due on 10 March, held by Anna"; None: not in that export.
STORIES: dict[str, tuple[dict[str, str] | None, ...]] = {
    "unchanged": ({}, {}, {}),
    "silent": ({}, {"due_on": "20.03.2026"}, {"due_on": "20.03.2026"}),
    "on record": ({}, {"due_on": "20.03.2026", **TOLD}, {"due_on": "20.03.2026", **TOLD}),
    "poor record": ({}, {"due_on": "20.03.2026", "moved_on": "08.03.2026"}, {"due_on": "20.03.2026"}),
    "record comes a week late": ({}, {"due_on": "20.03.2026"}, {"due_on": "20.03.2026", **TOLD, "moved_on": "12.03.2026"}),
    "on record, then silent": ({}, {"due_on": "20.03.2026", **TOLD}, {"due_on": "27.03.2026", **TOLD}),
    "there and back": ({}, {"due_on": "20.03.2026"}, {}),
    "sooner": ({}, {}, {"due_on": "05.03.2026"}),
    "gone and back": ({}, None, {}),
    "gone and back with another day": ({}, None, {"due_on": "20.03.2026"}),
    "new and then silent": (None, {}, {"due_on": "20.03.2026"}),
    "client renamed": ({"client": "Альфа"}, {"client": "Альфа Плюс"}, {"client": "Альфа Плюс"}),
    "client renamed and silent": ({"client": "Альфа"}, {"client": "Альфа Плюс"}, {"client": "Альфа Плюс", "due_on": "20.03.2026"}),
    "another owner after": ({}, {"due_on": "20.03.2026"}, {"due_on": "20.03.2026", "owner": "Борис"}),
    "another text": ({}, {"text": "прислать образец и цену"}, {}),
    "due day left out once": ({}, {"due_on": ""}, {}),
    "done": ({}, {"done_on": "05.03.2026"}, {"done_on": "05.03.2026"}),
}  # fmt: skip
# (promise, found on, from, to, who held it then)
SILENT = {
    ("silent", 9, 10, 20, "Анна"),
    ("on record, then silent", 16, 20, 27, "Анна"),
    ("there and back", 9, 10, 20, "Анна"),
    ("there and back", 16, 20, 10, "Анна"),
    ("sooner", 16, 10, 5, "Анна"),
    ("gone and back with another day", 16, 10, 20, "Анна"),
    ("new and then silent", 16, 10, 20, "Анна"),
    ("client renamed and silent", 16, 10, 20, "Анна"),
    ("another owner after", 9, 10, 20, "Анна"),
}


def export(folder: Path, week: int, order: Random | None = None) -> Upload:
    """The export of a week as a file, its rows in the order of the stories or in any other."""
    rows = [_row(name, shown) for name, story in STORIES.items() if (shown := story[week]) is not None]
    if order is not None:
        order.shuffle(rows)
    path = folder / FILES[week]
    path.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    return Upload(FILES[week], path)


def _row(name: str, shown: dict[str, str]) -> str:
    usual = {"client": "Бета", "text": "прислать образец", "owner": "Анна", "made_on": "01.03.2026", "due_on": "10.03.2026"}
    row = {"promise_id": name, **usual, **shown}
    return ";".join(row.get(field, "") for field in FIELDS)


@pytest.fixture
def loaded(tmp_path: Path) -> Callable[..., Workspace]:
    """A workspace after exports of these weeks came in, in this order."""

    def load(weeks: Sequence[int], seed: int | None = None) -> Workspace:
        ws = Workspace(tmp_path / "workspace")
        for week in weeks:
            imports.load(ws, [export(tmp_path, week, Random(seed + week) if seed is not None else None)])
        return ws

    return load


def silent_moves(ws: Workspace, as_of: date) -> set[tuple[str, int, int, int, str]]:
    rows = ws.fetch("marts.silent_moves", as_of=as_of).to_pylist()
    found = [
        (row["promise_id"], row["moved_on"].day, row["from_due_on"].day, row["to_due_on"].day, row["moved_by"]) for row in rows
    ]
    assert len(found) == len(set(found))
    return set(found)


@pytest.mark.parametrize(
    ("weeks", "seed"),
    [
        ((0, 1, 2), None),
        ((0, 1, 2), 1),  # rows reordered, otherwise in each export
        ((2, 0, 1), None),
        ((2, 1, 0), 2),
        ((0, 1, 1, 2, 0), None),  # an export loaded twice, an old one again
    ],
)
def test_every_silent_move_is_found_and_none_invented(loaded, weeks, seed):
    ws = loaded(weeks, seed)
    late = {("record comes a week late", 9, 10, 20, "Анна")}
    assert silent_moves(ws, date(2026, 3, 8)) == set()
    # What nobody has recorded by then; the record that comes later clears the move from its day on.
    assert silent_moves(ws, WEEKS[1]) == {move for move in SILENT if move[1] == 9} | late
    assert silent_moves(ws, WEEKS[2]) == SILENT
    counted = {row["promise_id"]: row for row in ws.fetch("marts.promise_states", as_of=WEEKS[2]).to_pylist()}
    assert {name: row["silent_move_count"] for name, row in counted.items()} == {
        name: sum(move[0] == name for move in SILENT) for name in STORIES
    }
    assert counted["client renamed and silent"]["client_id"] == "Альфа Плюс"
    assert counted["another owner after"]["owner"] == "Борис"
    assert (counted["done"]["state"], counted["done"]["move_count"]) == ("kept_on_time", 0)


def test_an_export_left_out_dates_the_moves_by_the_next(loaded):
    ws = loaded((0, 2))
    moves = silent_moves(ws, WEEKS[2])
    assert {move for move in moves if move[0] in ("silent", "there and back")} == {("silent", 16, 10, 20, "Анна")}
    assert {move[1] for move in moves} == {16}


def test_days_late_leave_out_weekends_and_the_days_off_that_were_moved(loaded):
    """Sunday 8 March is a holiday and its day off is Monday the 9th: the first working day after Friday the 6th is the 10th."""
    ws = loaded((2,))

    def late(name: str, as_of: int) -> tuple[int, int]:
        rows = ws.fetch("marts.promise_states", as_of=date(2026, 3, as_of)).to_pylist()
        return next((row["days_overdue"], row["working_days_overdue"]) for row in rows if row["promise_id"] == name)

    assert [late("unchanged", day) for day in (10, 11, 13, 14, 15, 16)] == [(0, 0), (1, 1), (3, 3), (4, 3), (5, 3), (6, 4)]
    assert [late("sooner", day) for day in (16, 17)] == [(11, 6), (12, 7)]

"""What is due when: each kind on its day, what is done or unknown left out, one person's or one client's alone."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest

from kam import cli, diary, review
from kam.minutes import Minutes

AS_OF = date(2026, 3, 31)


@pytest.fixture
def ws(world):
    world.given("clients", "client_id | client_name | manager\n1 | Ромашка | Иванов\n2 | Лютик | Петров\n3 | Мак | Петров")
    orders = [f"1 | 2026-{month:02}-{day:02} | 500" for month, day in ((1, 1), (1, 31), (3, 2))]
    orders += [f"2 | {day} | 70" for day in ("2022-11-10", "2022-12-10", "2023-01-10")]
    world.given("orders", "client_id | date | amount\n" + "\n".join(orders))
    touches = "1 | 2026-03-30 | звонок | Иванов\n2 | 2023-01-02 | звонок | Петров\n3 | 2026-03-20 | звонок | Петров"
    world.given("touches", f"client_id | held_on | channel | manager\n{touches}")
    world.given(
        "promises",
        """
        promise_id | client_id | text          | owner  | due_on     | done_on
        late       | 1         | Прислать счёт | Петров | 2026-03-30 |
        open       | 2         | Завезти       | Иванов | 2026-03-31 |
        done       | 1         | Уже           | Иванов | 2026-03-30 | 2026-03-29
        undated    | 1         | Когда-нибудь  | Иванов |            |
        """,
    )
    world.build()
    return world.workspace


def entries(ws, as_of: date = AS_OF, **more) -> list[diary.Entry]:
    return diary.entries(partial(cli._fetched, ws, as_of), review.minutes_of(ws).decisions(), as_of, **more)


def of(kind: str, found: list[diary.Entry]) -> list[tuple]:
    return [(one.client_id, one.on, one.last) for one in found if one.kind == kind]


def test_open_promises_stand_on_their_day_done_and_undated_ones_do_not(ws):
    found = [one for one in entries(ws) if one.kind == "promise"]
    assert [(one.key, one.on, one.who, one.what, one.is_overdue) for one in found] == [
        ("late", date(2026, 3, 30), "Петров", "Прислать счёт", True), ("open", date(2026, 3, 31), "Иванов", "Завезти", False),
    ]  # fmt: skip


def test_window_ends_the_day_before_the_order_is_expected_and_is_gone_when_that_day_is_past(ws):
    (cycle,) = [row for row in ws.fetch("marts.client_cycles", as_of=AS_OF).to_pylist() if row["client_id"] == "1"]
    opens, expected = cycle["window_opens_on"], cycle["expected_order_on"]
    day = date.fromordinal(expected.toordinal() - 1)
    assert of("order", entries(ws)) == [("1", opens, day)]
    assert of("order", entries(ws, expected)) == [("1", opens, day)]
    assert of("order", entries(ws, date.fromordinal(expected.toordinal() + 1))) == []


def test_next_touch_is_that_of_the_touches_page_and_none_of_a_client_that_is_lost(ws):
    rows = {row["client_id"]: row for row in ws.fetch("marts.touch_clients", as_of=AS_OF).to_pylist()}
    assert (rows["2"]["status"] in diary.SILENT, rows["2"]["is_logged"], rows["2"]["next_touch_on"] is None) == (True, True, False)
    assert of("touch", entries(ws)) == [("1", rows["1"]["next_touch_on"], rows["1"]["next_touch_on"])]


def test_decision_stands_on_its_due_in_force_until_it_is_settled(ws):
    minutes = Minutes(ws.journal)
    number = minutes.decide("Позвонить", "Петров", date(2026, 4, 3), made_on=AS_OF, client_id="1", client_name="Ромашка")
    assert of("decision", entries(ws)) == [("1", date(2026, 4, 3), date(2026, 4, 3))]
    minutes.step(number, "moved", AS_OF, date(2026, 4, 10))
    assert of("decision", entries(ws)) == [("1", date(2026, 4, 10), date(2026, 4, 10))]
    assert of("decision", entries(ws, date(2026, 3, 30))) == []  # not made yet
    minutes.step(number, "done", date(2026, 4, 5), date(2026, 4, 5))
    assert of("decision", entries(ws)) == []


def test_meeting_is_due_on_its_day_and_now_where_none_was_ever_held():
    rows = [
        {"client_id": "1", "client_name": "А", "manager": "И", "meeting_due_on": date(2027, 1, 1), "is_meeting_due": False},
        {"client_id": "2", "client_name": "Б", "manager": None, "meeting_due_on": None, "is_meeting_due": True},
        {"client_id": "3", "client_name": "В", "manager": None, "meeting_due_on": None, "is_meeting_due": None},
    ]
    assert [(one.client_id, one.on, one.who) for one in diary._meetings(rows, AS_OF)] == [("1", date(2027, 1, 1), "И"), ("2", AS_OF, None)]


def test_one_person_has_its_own_promises_and_the_dates_of_its_clients(ws):
    found = entries(ws, whose="Иванов")
    assert {(one.kind, one.client_id) for one in found} == {("promise", "2"), ("order", "1"), ("touch", "1")}
    assert [one.key for one in entries(ws, whose="Петров")] == ["late"]


def test_one_client_has_everything_of_it_whoever_does_it(ws):
    assert {(one.kind, one.key) for one in entries(ws, client_id="1")} == {("promise", "late"), ("order", "1"), ("touch", "1")}


def test_entries_stand_by_day(ws):
    days = [one.on for one in entries(ws)]
    assert days == sorted(days) and len(days) == 4


def test_command_writes_the_file_and_says_how_many(ws, tmp_path, capsys):
    out = tmp_path / "ритм.ics"
    given = ["--workspace", str(ws.path), "calendar", "--out", str(out)]
    assert cli.main([*given, "--as-of", "2026-03-31"]) == 0
    assert capsys.readouterr().out.startswith("Календарь на 31.03.2026: 4 события")
    assert out.read_bytes().count(b"BEGIN:VEVENT") == 4
    assert cli.main([*given, "--manager", "иванов", "--as-of", "2026-03-31"]) == 0
    assert out.read_bytes().count(b"BEGIN:VEVENT") == 3
    assert cli.main([*given, "--manager", "Никто"]) == 2
    assert "Никто" in capsys.readouterr().err

"""Questions on the weekly agenda: answered as of the review's date, narrowed with it, failing alone, frozen with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from kam import agenda_questions, answers, frozen, questions, review, sandbox, seen
from kam.access import User
from kam.errors import KamError
from kam.journal import Journal
from kam.minutes import Minutes
from kam.questions import AGENDA_LIMIT, Question
from kam.workspace import Workspace

AS_OF = date(2026, 3, 31)


@pytest.fixture
def ws(world) -> Workspace:
    world.given("clients", "client_id | client_name | manager\n1 | Ромашка | Иванов\n2 | Лютик | Петров")
    world.given("orders", "client_id | date | amount\n1 | 2026-03-10 | 500\n2 | 2026-03-20 | 70.5")
    world.build()
    return world.workspace


def put(ws: Workspace, name: str, text: str, **values: str) -> Question:
    question = questions.save(ws.journal, name, text, values)
    questions.put_on_agenda(ws.journal, question)
    return question


def asked(ws: Workspace, as_of: date = AS_OF, **filters: str) -> list[agenda_questions.AgendaQuestion]:
    return list(agenda_questions.asked(ws, "ru", as_of, filters))


SUMS = "select client_id, client_name, sum(amount) as revenue from core.order_lines inner join core.clients using (client_key)"


def test_rows_are_those_of_the_date_of_the_review_in_the_order_of_the_agenda(ws):
    put(ws, "Я", f"{SUMS} where ordered_on <= $as_of group by all order by client_id")
    put(ws, "А", "select $as_of as day, $word as word", word="слово")
    first, second = asked(ws)
    assert (first.name, second.name) == ("Я", "А")
    assert first.rows.table().to_pylist() == [
        {"client_id": "1", "client_name": "Ромашка", "revenue": Decimal("500.0000")},
        {"client_id": "2", "client_name": "Лютик", "revenue": Decimal("70.5000")},
    ]
    assert second.rows.table().to_pylist() == [{"day": AS_OF, "word": "слово"}]
    assert [row["client_id"] for row in asked(ws, date(2026, 3, 15))[0].rows.table().to_pylist()] == ["1"]


def test_question_without_rows_is_no_line_and_a_failing_one_is(ws):
    put(ws, "Пусто", "select 1 as x where false")
    put(ws, "Сломан", "select nothing from core.clients")
    put(ws, "Ответ", "select 1 as x")
    empty, broken, good = asked(ws)
    assert [one.is_line for one in (empty, broken, good)] == [False, True, True]
    assert (broken.error, broken.facts["line"], broken.facts["column"]) == ("errors.sql_wrong_at", 1, 8)
    assert (good.error, good.rows.count) == (None, 1)


def test_question_that_takes_too_long_fails_alone_and_in_little_time(ws, monkeypatch):
    monkeypatch.setattr(agenda_questions, "SECONDS", 0.5)
    put(ws, "Долгий", "select count(*) as n from range(1000000) a, range(1000000) b where a.range + b.range = 7")
    put(ws, "Ответ", "select 1 as x")
    slow, good = asked(ws)
    assert (slow.error, good.rows.count) == ("errors.sql_slow", 1)


def test_more_rows_than_are_shown_are_said(ws):
    put(ws, "Ровно", f"select * from range({sandbox.SHOWN_ROWS})")
    put(ws, "Больше", f"select * from range({sandbox.SHOWN_ROWS + 1})")
    assert [(one.rows.count, one.is_cut) for one in asked(ws)] == [(sandbox.SHOWN_ROWS, False), (sandbox.SHOWN_ROWS, True)]


def test_manager_is_passed_to_the_questions_that_name_it_and_to_their_marts(ws):
    put(ws, "Сама", "select $manager as who, 1 as x")
    put(ws, "Витрина", "select client_id from marts.client_classes order by 1")
    own, mart = asked(ws, manager="Петров")
    assert (own.rows.table().to_pylist(), own.unheeded) == ([{"who": "Петров", "x": 1}], ())
    assert (mart.rows.table().to_pylist(), mart.unheeded) == ([{"client_id": "2", "client_name": "Лютик"}], ())
    assert asked(ws)[0].rows.table().to_pylist() == [{"who": None, "x": 1}]


def test_question_that_names_no_manager_is_narrowed_by_its_clients_or_says_that_it_is_everybodys(ws):
    put(ws, "Клиенты", "select client_id from core.clients order by 1")
    put(ws, "Сумма", "select sum(amount) as revenue from core.order_lines")
    clients, whole = asked(ws, manager="Иванов", region="Юг")
    assert (clients.rows.count, clients.unheeded) == (0, ())
    assert (whole.rows.count, whole.unheeded) == (1, ("manager", "region"))
    assert asked(ws, manager="Иванов")[0].rows.table().to_pylist() == [{"client_id": "1", "client_name": "Ромашка"}]
    assert asked(ws)[1].unheeded == ()


def test_clients_that_the_data_do_not_know_stay_without_a_name(ws):
    put(ws, "Чужие", "select '9' as client_id union all select null union all select '2' order by 1 nulls last")
    assert asked(ws)[0].rows.table().column("client_name").to_pylist() == ["Лютик", None, None]


def test_answer_is_kept_until_the_data_or_what_was_typed_change(ws, monkeypatch):
    put(ws, "Ответ", "select 1 as x")
    calls = []
    ask = sandbox.ask
    monkeypatch.setattr(sandbox, "ask", lambda *given, **more: calls.append(1) or ask(*given, **more))
    asked(ws)
    asked(ws)
    assert len(calls) == 1
    asked(ws, date(2026, 3, 1))
    asked(ws, manager="Иванов")
    assert len(calls) == 3
    ws.journal.set_norm("k_sleep", "3")
    asked(ws)
    assert len(calls) == 4


def test_answer_of_a_busy_moment_is_asked_for_again(ws, monkeypatch):
    put(ws, "Ответ", "select 1 as x")
    ask = sandbox.ask

    def busy(*given, **more):
        monkeypatch.setattr(sandbox, "ask", ask)
        raise KamError("errors.sql_busy")

    monkeypatch.setattr(sandbox, "ask", busy)
    assert [asked(ws)[0].error for _ in range(2)] == ["errors.sql_busy", None]


def test_question_leaves_the_agenda_with_its_deletion_and_comes_back_with_it(ws):
    question = put(ws, "Ответ", "select 1 as x")
    questions.delete(ws.journal, question)
    assert asked(ws) == []
    questions.put_back(ws.journal, question)
    assert [one.name for one in asked(ws)] == ["Ответ"]
    ws.journal.set_on_agenda(question.code, False)
    assert asked(ws) == []


def test_agenda_takes_so_many_questions_and_no_more(tmp_path: Path):
    journal = Journal(tmp_path / "journal.sqlite")
    version = journal.version
    several = questions.shipped("ru")[: AGENDA_LIMIT + 1]
    for question in several[:AGENDA_LIMIT]:
        questions.put_on_agenda(journal, question)
    questions.put_on_agenda(journal, several[0])  # it stands there already
    with pytest.raises(KamError) as raised:
        questions.put_on_agenda(journal, several[AGENDA_LIMIT])
    assert (raised.value.key, raised.value.facts) == ("errors.agenda_full", {"limit": AGENDA_LIMIT})
    assert [one.code for one in questions.on_agenda(journal, "en")] == [one.code for one in several[:AGENDA_LIMIT]]
    assert journal.version == version  # no answer of the data hangs on it


# In the review


def reviewed(ws: Workspace) -> review.Review:
    return replace(review.of_workspace(ws, AS_OF), questions=tuple(asked(ws)))


def test_closed_review_has_the_answers_of_its_day_though_data_and_question_went_on(ws, world):
    question = put(ws, "Деньги", f"{SUMS} group by all order by client_id")
    put(ws, "Сломан", "select nothing from core.clients")
    seen = reviewed(ws)
    minutes = review.minutes_of(ws)
    review.close(minutes, seen, AS_OF)
    questions.delete(ws.journal, question)
    world.given("orders", "client_id | date | amount\n1 | 2026-03-11 | 1000")
    world.build()
    again = review.closed_review(minutes, minutes.reviews()[0])
    assert again.questions == seen.questions
    assert again.questions[0].rows.table().column("revenue").to_pylist() == [Decimal("500.0000"), Decimal("70.5000")]


def test_review_that_was_closed_before_there_were_questions_has_none():
    tree = frozen.plain(review.Review(AS_OF, None, (), (), (), ()))
    del tree["questions"]
    assert frozen.made(review.Review, tree).questions == ()


def test_questions_add_no_line_and_no_money_to_the_sections(ws):
    put(ws, "Деньги", f"{SUMS} group by all")
    assert (reviewed(ws).line_count, reviewed(ws).money) == (review.of_workspace(ws, AS_OF).line_count, review.of_workspace(ws, AS_OF).money)


def test_decision_at_a_question_stands_there_and_opens_the_next_review_at_its_client(ws):
    question = put(ws, "Деньги", f"{SUMS} group by all")
    minutes = Minutes(ws.journal)
    due, item = date(2026, 4, 3), f"question:{question.code}"
    minutes.decide("Позвонить", "Иванов", due, made_on=AS_OF, client_id="1", client_name="Ромашка", item_id=item)
    minutes.decide("Обсудить", "Иванов", due, made_on=AS_OF, item_id=item)
    seen = reviewed(ws)
    assert [one.what for one in seen.decided_at(seen.questions[0])] == ["Позвонить", "Обсудить"]
    assert not any(line.made for section in seen.sections for line in section.lines)
    review.close(minutes, seen, AS_OF)
    after = review.of_workspace(ws, date(2026, 4, 7)).section("decisions").lines
    assert {(line.client_name, one.what) for line in after for one in line.asked} == {("Ромашка", "Позвонить"), (None, "Обсудить")}


# What is kept of an answer


def test_kept_rows_are_the_same_to_the_last_digit():
    table = pa.table({
        "whole": pa.array([2**63 - 1, None]), "share": [0.1 + 0.2, float("inf")],
        "money": pa.array([Decimal("1.2300"), None], pa.decimal128(18, 4)),
        "day": pa.array([AS_OF, None]), "flag": [True, None], "text": ["", "\u202e=1\n"], "moment": pa.array([0, None], pa.timestamp("us")),
        "small": pa.array([1, 2], pa.uint8()), "nothing": pa.array([None, None], pa.string()),
    })  # fmt: skip
    again = frozen.made(answers.Rows, frozen.plain(answers.kept(table))).table()
    assert again.equals(table)
    assert answers.kept(table.slice(0, 0)).table().schema == table.schema
    assert (answers.kept(table).count, answers.Rows().count) == (2, 0)


def test_a_manager_is_answered_of_own_clients_whatever_was_answered_to_others(ws):
    put(ws, "Все", f"{SUMS} group by all order by client_id")
    put(ws, "Сумма", "select sum(amount) as revenue from core.order_lines")
    manager = seen.by(ws, User("ivan", "manager", "Иванов"))
    whole = list(agenda_questions.asked(ws, "ru", AS_OF, {"manager": "Иванов"}))
    own = list(agenda_questions.asked(manager, "ru", AS_OF, {"manager": "Иванов"}))
    assert whole[1].rows.table().to_pylist() == [{"revenue": Decimal("570.5000")}]
    assert [row["client_id"] for row in own[0].rows.table().to_pylist()] == ["1"]
    assert own[1].rows.table().to_pylist() == [{"revenue": Decimal("500.0000")}]
    assert (whole[1].unheeded, own[1].unheeded) == (("manager",), ())

"""Decisions, lines set aside and closed reviews: kept, logged, refused by halves, safe beside others."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from kam.errors import KamError
from kam.journal import Journal
from kam.minutes import Minutes

MON, FRI, NEXT = date(2026, 11, 16), date(2026, 11, 20), date(2026, 11, 27)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal.sqlite")


@pytest.fixture
def minutes(journal: Journal) -> Minutes:
    return Minutes(journal)


def decided(minutes: Minutes, due_on: date = FRI) -> int:
    return minutes.decide("Позвонить", "Иванов", due_on, made_on=MON, client_id="7", client_name="Ромашка")


def one(minutes: Minutes):
    (decision,) = minutes.decisions()
    return decision


def test_decision_is_kept_as_typed_and_logged(journal, minutes):
    number = decided(minutes)
    decision = one(minutes)
    assert (decision.number, decision.what, decision.who, decision.client_name) == (number, "Позвонить", "Иванов", "Ромашка")
    assert (decision.due_on, decision.status, decision.review) == (FRI, "open", None)
    (change,) = journal.changes("decision")
    assert (change.before, change.after) == (None, "Позвонить · Иванов · 2026-11-20")


@pytest.mark.parametrize(("what", "who"), [("", "Иванов"), ("  ", "Иванов"), ("Позвонить", " ")])
def test_half_a_decision_is_refused(minutes, what, who):
    with pytest.raises(KamError, match="decision_half"):
        minutes.decide(what, who, FRI, made_on=MON)
    assert minutes.decisions() == []


def test_talk_moves_its_own_version_and_not_that_of_the_answers(journal, minutes):
    journal.set_norm("lost_days", "200")
    before = (journal.version, minutes.version)
    decided(minutes)
    minutes.set_aside(["x"], MON, FRI, "ждём")
    assert journal.version == before[0]
    assert minutes.version > before[1]
    journal.set_norm("lost_days", None)
    assert journal.version > before[0]


# What became of it: the rules of promises, both sides of each border


def stepped(minutes: Minutes, *steps: tuple[str, date, date | None, str]):
    number = decided(minutes)
    for status, told_on, day, reason in steps:
        minutes.step(number, status, told_on, day, reason)
    return one(minutes)


def test_decision_is_overdue_the_day_after_it_was_due(minutes):
    decision = stepped(minutes)
    assert (decision.state(FRI), decision.days_overdue(FRI)) == ("open", 0)
    assert (decision.state(date(2026, 11, 21)), decision.days_overdue(date(2026, 11, 21))) == ("overdue", 1)


def test_done_on_the_due_day_is_on_time_a_day_later_is_late(minutes):
    decision = stepped(minutes, ("done", NEXT, FRI, ""))
    assert (decision.state(NEXT), decision.days_overdue(NEXT), decision.done_on) == ("kept_on_time", 0, FRI)
    minutes.unstep(decision.number)
    minutes.step(decision.number, "done", NEXT, date(2026, 11, 21))
    assert (one(minutes).state(NEXT), one(minutes).days_overdue(NEXT)) == ("kept_late", 1)


def test_move_told_by_the_due_with_a_reason_is_agreed(minutes):
    decision = stepped(minutes, ("moved", FRI, NEXT, "директор в отпуске"), ("done", NEXT, NEXT, ""))
    assert (decision.state(NEXT), decision.silent_move_count, len(decision.moves)) == ("kept_as_agreed", 0, 1)
    assert (decision.original_due_on, decision.due_on) == (FRI, NEXT)


@pytest.mark.parametrize(("told_on", "reason", "silent"), [(FRI, "", 1), (date(2026, 11, 21), "директор в отпуске", 0)])
def test_move_without_a_reason_is_silent_and_one_told_too_late_is_not_agreed(minutes, told_on, reason, silent):
    decision = stepped(minutes, ("moved", told_on, NEXT, reason), ("done", NEXT, NEXT, ""))
    assert (decision.state(NEXT), decision.days_overdue(NEXT), decision.silent_move_count) == ("kept_late", 7, silent)


def test_not_done_is_settled_and_never_overdue(minutes):
    decision = stepped(minutes, ("not_done", FRI, None, "передумали"))
    assert (decision.state(NEXT), decision.is_settled, decision.days_overdue(NEXT)) == ("not_done", True, 0)


def test_step_that_cannot_be_is_refused(minutes):
    number = decided(minutes)
    for status, day, key in (("moved", None, "day"), ("done", NEXT, "done_later"), ("moved", FRI, "same_due"), ("?", FRI, "day")):
        with pytest.raises(KamError, match=f"errors.decision_{key}"):
            minutes.step(number, status, FRI, day)
    assert one(minutes).steps == ()


def test_decision_is_rewritten_or_taken_back_until_its_review_is_closed(journal, minutes):
    number = decided(minutes)
    minutes.rewrite(number, "Написать", "Петров", NEXT)
    assert (one(minutes).what, one(minutes).who, one(minutes).original_due_on) == ("Написать", "Петров", NEXT)
    minutes.close(MON, MON, None, [], {}, newest=None, steps={number: 0})
    for attempt in (lambda: minutes.rewrite(number, "а", "б", FRI), lambda: minutes.drop(number)):
        with pytest.raises(KamError, match="decision_changed"):
            attempt()
    other = decided(minutes)
    minutes.drop(other)
    assert [decision.number for decision in minutes.decisions()] == [number]
    assert journal.changes("decision")[0].after is None


# Lines set aside


def test_line_is_aside_from_its_day_until_the_day_before_it_comes_back(minutes):
    minutes.set_aside(["a", "b"], MON, FRI, "ждём ответа")
    (first, second) = minutes.set_asides()
    assert [first.covers(day) for day in (date(2026, 11, 15), MON, date(2026, 11, 19), FRI)] == [False, True, True, False]
    minutes.bring_back(["a"])
    assert [aside.item_id for aside in minutes.set_asides()] == [second.item_id]


def test_setting_aside_needs_a_reason_and_a_later_day(minutes):
    with pytest.raises(KamError, match="aside_reason"):
        minutes.set_aside(["a"], MON, FRI, " ")
    with pytest.raises(KamError, match="aside_until"):
        minutes.set_aside(["a"], MON, MON, "ждём")
    assert minutes.set_asides() == []


# Closing


def test_closed_review_keeps_its_trees_and_takes_its_decisions(minutes):
    number = decided(minutes)
    review = minutes.close(FRI, MON, "Иванов", [{"a": "1"}], {"b": [1, None]}, newest=None, steps={number: 0})
    assert minutes.frozen(review) == ([{"a": "1"}], {"b": [1, None]})
    (held,) = minutes.reviews()
    assert (held.number, held.held_on, held.as_of, held.manager) == (review, FRI, MON, "Иванов")
    assert one(minutes).review == review


def test_step_in_the_minutes_of_a_closed_review_stays(minutes):
    number = decided(minutes)
    first = minutes.close(MON, MON, None, [], {}, newest=None, steps={number: 0})
    minutes.step(number, "done", FRI, FRI)
    second = minutes.close(FRI, FRI, None, [], {}, newest=first, steps={number: 1})
    assert (one(minutes).review, one(minutes).steps[0].review) == (first, second)
    with pytest.raises(KamError, match="decision_changed"):
        minutes.unstep(number)


def test_step_that_the_closed_review_did_not_see_belongs_to_the_next(minutes):
    number = decided(minutes)
    first = minutes.close(MON, MON, None, [], {}, newest=None, steps={number: 0})
    minutes.step(number, "done", FRI, FRI)
    minutes.close(FRI, FRI, None, [], {}, newest=first, steps={number: 0})
    assert one(minutes).steps[0].review is None


def test_review_is_not_closed_over_another_nor_over_what_was_taken_back(minutes):
    number = decided(minutes)
    with pytest.raises(KamError, match="review_changed"):
        minutes.close(MON, MON, None, [], {}, newest=None, steps={number: 1})
    assert minutes.reviews() == [] and one(minutes).review is None
    minutes.close(MON, MON, None, [], {}, newest=None, steps={})
    with pytest.raises(KamError, match="review_changed"):
        minutes.close(MON, MON, None, [], {}, newest=None, steps={})
    assert len(minutes.reviews()) == 1


def test_unknown_review_is_said(minutes):
    with pytest.raises(KamError, match="review_unknown"):
        minutes.frozen(9)


def test_many_writers_lose_nothing_and_one_closes(tmp_path):
    """Each thread has a journal of its own, as processes have."""
    path, outcomes = tmp_path / "journal.sqlite", []
    Journal(path).close()
    gate = threading.Barrier(6)

    def work(name: str) -> None:
        journal = Journal(path)
        minutes = Minutes(journal)
        gate.wait()
        for _ in range(20):
            minutes.decide("Позвонить", name, FRI, made_on=MON)
        try:
            minutes.close(MON, MON, None, [name], {}, newest=None, steps={})
            outcomes.append("closed")
        except KamError as error:
            outcomes.append(error.key)
        journal.close()

    threads = [threading.Thread(target=work, args=(f"Менеджер {at}",)) for at in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    minutes = Minutes(Journal(path))
    assert len(minutes.decisions()) == 120
    assert sorted(outcomes) == ["closed"] + ["errors.review_changed"] * 5
    assert len(minutes.reviews()) == 1


def test_a_journal_that_did_not_tell_the_demo_apart_is_brought_up_to_date(tmp_path):
    path = tmp_path / "journal.sqlite"
    with closing(sqlite3.connect(path)) as old:
        old.executescript("""
            create table reviews (
                id integer primary key autoincrement, held_on text not null, as_of text not null, manager text,
                closed_at text not null, figures blob not null, lines blob not null
            );
            create table set_asides (item_id text primary key, set_on text not null, until text not null, reason text not null);
            insert into reviews values (1, '2026-11-16', '2026-11-13', null, '2026-11-16 10:00:00', x'', x'');
            insert into set_asides values ('overdue:1', '2026-11-16', '2026-11-20', 'ждём');
        """)
    for _ in range(2):  # the second time there is nothing left to do
        journal = Journal(path)
        assert [held.number for held in Minutes(journal).reviews()] == [1]
        assert [aside.item_id for aside in Minutes(journal).set_asides()] == ["overdue:1"]
        journal.close()
    journal = Journal(path)
    Minutes(journal, is_demo=True).set_aside(["overdue:1"], MON, FRI, "демо")
    assert [aside.reason for aside in Minutes(journal).set_asides()] == ["ждём"]


def test_what_was_said_of_promises_whose_ids_had_stray_spaces_stays_with_them(tmp_path):
    path = tmp_path / "journal.sqlite"
    kept = ["overdue:1", "overdue:A  B", "overdue:а: б", "questions:x"]
    stray = {"overdue: Ромашка  · Дать цену: новую": "overdue:Ромашка · Дать цену: новую",
             "silent_moves:C1   · Дать цену · 2026-11-02": "silent_moves:C1 · Дать цену · 2026-11-02"}  # fmt: skip
    before = Minutes(Journal(path))
    before.set_aside([*kept, *stray], MON, FRI, "ждём")
    for item in (None, *kept, *stray):
        before.decide("Позвонить", "Иванов", FRI, made_on=MON, item_id=item)
    for _ in range(2):
        minutes = Minutes(Journal(path))
        assert {aside.item_id for aside in minutes.set_asides()} == {*kept, *stray.values()}
        assert {decision.item_id for decision in minutes.decisions()} == {None, *kept, *stray.values()}

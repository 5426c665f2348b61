"""The review as a tree: one line a client, by money, set aside and back; figures that differ by the clients named; frozen."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from kam import review
from kam.headline import Figure
from kam.i18n import translator
from kam.journal import Journal
from kam.minutes import Minutes

MON, NEXT = date(2026, 11, 16), date(2026, 11, 23)
TABLES = frozenset({"orders", "touches", "promises"})
AGENDA = pa.schema(
    [(name, pa.string()) for name in ("section", "client_id", "owner")]
    + [("money", pa.decimal128(18, 4))]
    + [(name, pa.string()) for name in ("reason_code", "facts", "evidence", "client_name", "manager", "class")]
    + [("is_key", pa.bool_()), ("item_id", pa.string())]
)


@pytest.fixture
def minutes(tmp_path: Path) -> Minutes:
    return Minutes(Journal(tmp_path / "journal.sqlite"))


def agenda_row(section: str, client: str | None, money: float | None = 0, item: str = "", **facts: Any) -> dict[str, Any]:
    evidence = {"mart": "marts.evidence_orders", "params": {"client_id": client, "since": "2026-11-01"}}
    return {
        "section": section, "client_id": client, "owner": "Иванов", "money": None if money is None else Decimal(money),
        "reason_code": section, "facts": json.dumps(facts or {"count": 1}), "evidence": json.dumps(evidence),
        "client_name": client and f"Клиент {client}", "manager": "Иванов", "class": "A", "is_key": True,
        "item_id": f"{section}:{item or client}",
    }  # fmt: skip


def client_row(client: str, revenue: float = 0, slipping: bool = False, served: bool | None = None) -> dict[str, Any]:
    return {
        "client_id": client, "client_name": f"Клиент {client}", "manager": "Иванов", "class": "A",
        "revenue": Decimal(revenue), "is_slipping": slipping, "is_served": served is True, "is_below": served is False,
    }  # fmt: skip


class Data:
    """The marts of one week, by hand."""

    def __init__(self, agenda=(), clients=(), overdue=(), due=(), silent=(), as_of: date = MON, tables=TABLES, keys=True, **filters: str):
        self.as_of, self.tables, self.filters = as_of, tables, filters
        promises = [(name, pa.string()) for name in ("client_id", "client_name", "state")]
        promises += [(name, pa.bool_()) for name in ("is_due", "is_kept")]
        rows = [{"client_id": one, "client_name": one, "state": "overdue", "is_due": False, "is_kept": False} for one in overdue]
        rows += [{"client_id": one, "client_name": one, "state": "x", "is_due": True, "is_kept": kept} for one, kept in due]
        self.marts = {
            "marts.weekly_agenda": pa.Table.from_pylist(list(agenda), AGENDA),
            "marts.home_clients": pa.Table.from_pylist(list(clients)) if clients else pa.table({"client_id": []}),
            "marts.key_managers": pa.table({"manager_name": ["Иванов"] if keys else []}),
            "marts.promise_list": pa.Table.from_pylist(rows, pa.schema(promises)),
            "marts.silent_moves": pa.Table.from_pylist([{"client_id": x, "client_name": x} for x in silent], pa.schema(promises)),
        }

    def fetch(self, mart: str, **params: Any) -> pa.Table:
        return self.marts[mart]

    def review(self, minutes: Minutes) -> review.Review:
        return review.open_review(review.gather(self.fetch, self.as_of, self.filters, self.tables), minutes)


def shown(one: review.Review) -> dict[str, list[str]]:
    """section → the clients of its lines, in order; empty sections left out."""
    return {s.name: [line.client_id or line.item_id for line in s.lines] for s in one.sections if s.lines}


# Lines


def test_lines_stand_by_money_and_unknown_money_last(minutes):
    rows = [agenda_row("overdue", "1", 5), agenda_row("overdue", "2", 50), agenda_row("overdue", None, None, "p9")]
    one = Data(rows).review(minutes)
    assert shown(one) == {"overdue": ["2", "1", "overdue:p9"]}
    assert one.section("overdue").money == 55
    assert [s.name for s in one.sections] == list(review.SECTIONS)


def test_client_of_several_sections_stands_once_in_the_first_with_every_reason(minutes):
    rows = [
        agenda_row("touches_owed", "1", 10), agenda_row("forgotten", "1", 30), agenda_row("overdue", "1", 20, "p1"),
        agenda_row("overdue", "1", 20, "p2"), agenda_row("forgotten", "2", 5),
    ]  # fmt: skip
    one = Data(rows).review(minutes)
    assert shown(one) == {"overdue": ["1"], "forgotten": ["2"]}
    (line,) = one.section("overdue").lines
    assert [reason.item_id for reason in line.reasons] == ["overdue:p1", "overdue:p2", "forgotten:1", "touches_owed:1"]
    assert line.money == 20  # by the rule of its section, and once: both promises are about the same money
    assert (one.line_count, one.money) == (2, 25)


def test_section_adds_up_by_owner(minutes):
    rows = [agenda_row("touches_owed", "1", 10), agenda_row("touches_owed", "2", 5) | {"owner": None}, agenda_row("touches_owed", "3", 1)]
    assert Data(rows).review(minutes).section("touches_owed").by_owner() == [("Иванов", 2, 11), ("", 1, 5)]


def test_sentence_writes_dates_as_the_language_does_and_escapes_text():
    reason = review.Reason("overdue", "x", "no_such", {"due_on": "2026-11-16", "money": 1000, "text": "<b>"}, None, None)
    facts = {}

    class Words:
        money = staticmethod(translator("en", "RUB").money)

        def __call__(self, key, **given):
            facts.update(given)
            return key

    assert review.sentence(reason, Words(), lambda text: text.replace("<", "")) == "agenda.reasons.no_such"
    assert facts == {"due_on": MON, "money": "₽1,000", "text": "b>"}


def test_text_that_only_looks_like_a_day_stays_text():
    assert review.day_or_text("2026-11-16") == MON
    assert [review.day_or_text(text) for text in ("2026-13-40", "2026-11-16 утром", 7)] == ["2026-13-40", "2026-11-16 утром", 7]


# Set aside


def test_line_set_aside_is_listed_apart_and_comes_back_that_day(minutes):
    rows = [agenda_row("overdue", "1", 20, "p1"), agenda_row("forgotten", "1", 30), agenda_row("overdue", "2", 5)]
    (line,) = [line for line in Data(rows).review(minutes).section("overdue").lines if line.client_id == "1"]
    minutes.set_aside(line.items, MON, NEXT, "ждём директора")
    one = Data(rows, as_of=date(2026, 11, 22)).review(minutes)
    assert shown(one) == {"overdue": ["2"]}
    (aside,) = one.set_aside
    assert (aside.client_id, aside.aside.until, aside.aside.reason) == ("1", NEXT, "ждём директора")
    assert len(aside.reasons) == 2
    back = Data(rows, as_of=NEXT).review(minutes)
    assert (shown(back), back.set_aside) == ({"overdue": ["1", "2"]}, ())


def test_new_reason_brings_the_client_back_with_that_reason_alone(minutes):
    minutes.set_aside(["overdue:p1"], MON, NEXT, "ждём")
    one = Data([agenda_row("overdue", "1", 20, "p1"), agenda_row("overdue", "1", 20, "p2")]).review(minutes)
    (line,) = one.section("overdue").lines
    assert line.items == ("overdue:p2",)
    assert [line.items for line in one.set_aside] == [("overdue:p1",)]


# Figures beside those of the review before


def figures(one: review.Review) -> dict[str, Figure]:
    return {figure.name: figure for figure in one.figures}


FIRST = Data(
    [agenda_row("forgotten", "1")],
    [client_row("1", 100, False, True), client_row("2", 50, True, False), client_row("3", 0, False, False)],
    overdue=["1", "1", "2"], due=[("1", True), ("1", False), ("2", True)], silent=["2"],
)  # fmt: skip
SECOND = Data(
    [],
    [client_row("1", 80, True, True), client_row("3", 10, False, True), client_row("4", 5.5, False, False)],
    overdue=["1", "4"], due=[("1", True), ("1", True), ("2", True), ("4", False)], silent=["2", "2", "4"], as_of=NEXT,
)  # fmt: skip


def test_figures_are_the_sums_of_their_clients(minutes):
    values = {name: figure.value for name, figure in figures(FIRST.review(minutes)).items()}
    assert values == {
        "revenue": 150, "slipping": 1, "served": 1 / 3, "forgotten": 1, "overdue": 3, "silent": 1, "kept": 2 / 3,
    }  # fmt: skip
    assert all(figure.before is None and figure.changes == () for figure in FIRST.review(minutes).figures)


def test_differences_add_up_to_the_clients_named(minutes):
    review.close(minutes, FIRST.review(minutes), MON)
    found = figures(SECOND.review(minutes))
    assert {name: figure.before for name, figure in found.items()}["served"] == pytest.approx(1 / 3)
    for figure in found.values():
        assert figure.difference == pytest.approx(figure.value - figure.before, abs=1e-12)
        assert sum(change.difference for change in figure.changes) == pytest.approx(figure.difference, abs=1e-12), figure.name
        assert all(change.difference for change in figure.changes)
    assert [(c.client_id, c.before, c.now, c.difference) for c in found["revenue"].changes] == [
        ("2", 50, None, -50), ("1", 100, 80, -20), ("3", None, 10, 10), ("4", None, Decimal("5.5"), 5.5),
    ]  # fmt: skip
    assert [c.client_id for c in found["kept"].changes] == ["1", "4"]  # the second client kept the same: no part in it
    assert {c.client_id for c in found["forgotten"].changes} == {"1"}


def test_figure_whose_sheet_was_never_loaded_is_unknown_and_differs_from_nothing(minutes):
    bare = Data([], [client_row("1", 100, False)], tables=frozenset({"orders"}))
    unknown = {name for name, figure in figures(bare.review(minutes)).items() if figure.value is None}
    assert unknown == {"served", "forgotten", "overdue", "silent", "kept"}
    review.close(minutes, bare.review(minutes), MON)
    after = figures(SECOND.review(minutes))
    assert (after["overdue"].before, after["overdue"].difference, after["revenue"].difference) == (None, None, -4.5)


def test_without_a_key_client_nobody_can_be_forgotten_and_none_is_not_zero(minutes):
    assert figures(Data(keys=False).review(minutes))["forgotten"].value is None
    assert figures(Data().review(minutes))["forgotten"].value == 0


def test_section_whose_sheet_was_never_loaded_is_unknown_and_stays_so_when_the_review_is_closed(minutes):
    bare = Data([], [client_row("1", 100)], tables=frozenset({"orders", "touches"})).review(minutes)
    assert [name for name in review.SECTIONS if bare.missing_of(name)] == ["silent_moves", "overdue", "single_threads"]
    review.close(minutes, bare, MON)
    again = review.closed_review(minutes, minutes.reviews()[0])
    assert (again.missing_of("overdue"), again.missing_of("forgotten"), again.missing_of("drowsing")) == ("promises", None, None)


def test_review_of_a_manager_is_held_against_that_of_the_manager(minutes):
    review.close(minutes, FIRST.review(minutes), MON)
    alone = Data([], [client_row("1", 80)], as_of=NEXT, manager="Иванов")
    assert alone.review(minutes).previous is None
    narrowed = Data([], [client_row("1", 80)], as_of=NEXT, region="Юг")
    assert narrowed.review(minutes).previous is None
    assert SECOND.review(minutes).previous.as_of == MON
    assert Data(as_of=date(2026, 11, 15)).review(minutes).previous is None  # not yet held at that date


# Decisions


def decide(minutes: Minutes, client: str | None = "1", due_on: date = date(2026, 11, 20), **more: Any) -> int:
    name = client and f"Клиент {client}"
    return minutes.decide("Позвонить", "Иванов", due_on, made_on=MON, client_id=client, client_name=name, **more)


def test_decision_stands_at_its_line_and_opens_the_next_review(minutes):
    rows = [agenda_row("overdue", "1", 5), agenda_row("overdue", "2", 9)]
    number = decide(minutes)
    one = Data(rows, [client_row("1", 100)]).review(minutes)
    assert [(line.client_id, len(line.made)) for line in one.section("overdue").lines] == [("2", 0), ("1", 1)]
    assert [decision.number for decision in one.decisions] == [number]
    review.close(minutes, one, MON)
    after = Data(rows, [client_row("1", 100)], as_of=NEXT).review(minutes)
    assert shown(after) == {"decisions": ["1"], "overdue": ["2"]}
    (line,) = after.section("decisions").lines
    assert (line.asked[0].number, line.money, line.items) == (number, 5, ("overdue:1",))
    assert after.decisions == ()


def test_decision_about_a_client_with_no_other_line_has_its_name_and_revenue(minutes):
    decide(minutes)
    decide(minutes, None)
    review.close(minutes, Data([], [client_row("1", 100)]).review(minutes), MON)
    lines = Data([], [client_row("1", 100)], as_of=NEXT).review(minutes).section("decisions").lines
    assert [(line.client_name, line.money) for line in lines] == [("Клиент 1", 100), (None, None)]


def test_settled_decision_stays_until_the_review_that_settles_it_is_closed_a_moved_one_comes_again(minutes):
    done, moved = decide(minutes), decide(minutes, "2")
    review.close(minutes, Data().review(minutes), MON)
    minutes.step(done, "done", NEXT, date(2026, 11, 19))
    minutes.step(moved, "moved", NEXT, date(2026, 11, 30))
    second = Data(as_of=NEXT).review(minutes)
    assert {line.asked[0].state(NEXT) for line in second.section("decisions").lines} == {"kept_on_time", "open"}
    review.close(minutes, second, NEXT)
    third = Data(as_of=date(2026, 12, 1)).review(minutes)
    (line,) = third.section("decisions").lines
    assert (line.asked[0].number, line.asked[0].silent_move_count, line.asked[0].state(third.as_of)) == (moved, 1, "overdue")


def test_manager_is_asked_for_what_it_has_to_do_in_whatever_review_that_was_decided(minutes):
    decide(minutes)
    minutes.decide("Написать", "Петров", NEXT, made_on=MON)
    review.close(minutes, Data().review(minutes), MON)
    alone = Data(as_of=NEXT, manager="Петров").review(minutes)
    assert [line.asked[0].what for line in alone.section("decisions").lines] == ["Написать"]


def test_earlier_date_knows_nothing_of_later_talk(minutes):
    decide(minutes)
    review.close(minutes, Data().review(minutes), MON)
    minutes.step(1, "done", NEXT, NEXT)
    assert shown(Data(as_of=date(2026, 11, 15)).review(minutes)) == {}
    (line,) = Data(as_of=date(2026, 11, 20)).review(minutes).section("decisions").lines
    assert line.asked[0].status == "open"


# Frozen


def test_closed_review_opens_as_it_was_though_data_and_talk_went_on(minutes):
    decide(minutes)
    minutes.set_aside(["overdue:2"], MON, NEXT, "ждём")
    rows = [agenda_row("overdue", "1", 5, text="срок"), agenda_row("overdue", "2", 9), agenda_row("drowsing", None, None, "x")]
    seen = Data(rows, [client_row("1", 100, True, True)], overdue=["1"], due=[("1", False)]).review(minutes)
    number = review.close(minutes, seen, date(2026, 11, 17))
    minutes.step(1, "done", NEXT, NEXT)
    minutes.bring_back(["overdue:2"])
    (held,) = minutes.reviews()
    again = review.closed_review(minutes, held)
    assert (again.figures, again.sections, again.set_aside) == (seen.figures, seen.sections, seen.set_aside)
    assert (again.decisions, again.previous, again.as_of) == (seen.decisions, None, MON)
    assert (again.held.number, again.held.held_on) == (number, date(2026, 11, 17))


def test_another_review_can_be_held_the_same_day(minutes):
    review.close(minutes, Data().review(minutes), MON)
    again = Data().review(minutes)
    assert again.previous.number == 1
    assert review.close(minutes, again, MON) == 2


def test_table_of_decisions_says_what_became_of_each(minutes):
    decide(minutes)
    review.close(minutes, Data().review(minutes), date(2026, 11, 17))
    minutes.step(1, "moved", NEXT, date(2026, 11, 30), "в отпуске")
    decide(minutes, None, NEXT)
    table = review.decisions_table(minutes.decisions(), minutes.reviews(), NEXT).to_pylist()
    assert [row["number"] for row in table] == [2, 1]
    assert table[1] | {"number": 0} == {
        "number": 0, "review_on": date(2026, 11, 17), "client_id": "1", "client_name": "Клиент 1", "decision": "Позвонить",
        "who": "Иванов", "original_due_on": date(2026, 11, 20), "due_on": date(2026, 11, 30), "decision_state": "open",
        "done_on": None, "days_overdue": 0, "move_count": 1, "silent_move_count": 0, "told": "в отпуске",
    }  # fmt: skip


def test_closed_review_of_a_real_workspace_stays_when_new_data_come_and_its_differences_add_up(world):
    """Reviewed, closed, the next weeks' orders, touches and promises loaded: the closed one is the same, to the letter."""
    world.given("clients", "client_id | client_name | manager | key_client\n1 | Ромашка | Иванов | да\n2 | Лютик | Петров |")
    world.given("orders", "order_id | client | date | amount\na | 1 | 2026-02-01 | 500\nb | 2 | 2026-02-10 | 70\nc | 1 | 2026-03-02 | 400")
    world.given("touches", "client | held_on | channel | manager\n1 | 2026-03-02 | звонок | Иванов\n2 | 2026-03-02 | звонок | Петров")
    promise = "promise_id | client | text | owner | due_on\np | 1 | Прислать счёт | Иванов | "
    world.given("promises", promise + "2026-03-01", "2026-03-01")
    world.build()
    minutes = Minutes(world.workspace.journal)
    seen = review.of_workspace(world.workspace, date(2026, 3, 2))
    assert seen.line_count > 0
    review.close(minutes, seen, date(2026, 3, 3))
    world.given("orders", "order_id | client | date | amount\nd | 2 | 2026-03-09 | 30\ne | 1 | 2026-02-20 | -100")
    world.given("promises", promise + "2026-03-20", "2026-03-08")
    world.build()
    (held,) = minutes.reviews()
    again = review.closed_review(minutes, held)
    assert (again.figures, again.sections) == (seen.figures, seen.sections)
    recounted = review.of_workspace(world.workspace, date(2026, 3, 2))
    assert recounted.figures[0].value == seen.figures[0].value - 100  # what came later did change that day
    now = review.of_workspace(world.workspace)
    assert now.previous == held
    for figure in now.figures:
        if figure.difference is not None:
            assert figure.difference == figure.value - figure.before
            assert sum(change.difference for change in figure.changes) == pytest.approx(figure.difference, abs=1e-12)
    changes = {figure.name: [(c.client_name, c.difference) for c in figure.changes] for figure in now.figures}
    assert changes["revenue"] == [("Ромашка", -100), ("Лютик", 30)]
    assert (changes["silent"], changes["overdue"]) == ([("Ромашка", 1)], [("Ромашка", -1)])


def test_table_of_lines_has_every_line_with_all_its_sentences(minutes):
    rows = [agenda_row("overdue", "1", 5, "p1", text="срок", count=1, due_on="2026-11-01", working_days=1)]
    rows += [agenda_row("touches_owed", "1", 9, count=2, mandatory=1, standard=1, need=0), agenda_row("overdue", None, None, "p2")]
    rows[2] |= {"reason_code": "forgotten_never"}
    table = review.lines_table(Data(rows).review(minutes), translator("en")).to_pylist()
    assert [(row["section"], row["client_id"], row["money"]) for row in table] == [
        ("Overdue promises", "1", 5), ("Overdue promises", None, None),
    ]  # fmt: skip
    assert table[0]["why"].count("срок") == 1 and "2 touches short" in table[0]["why"]

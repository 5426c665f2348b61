"""The agenda of the weekly review: who is on it and why, on both sides of each border (METHOD 6 and 8)."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal

import pytest

from kam import queries
from kam.i18n import LANGUAGES, entries, translator

FIRST = ["section", "client_id", "owner", "money", "reason_code", "facts", "evidence"]


@pytest.fixture
def agenda(world):
    """The lines of one section at a day, as [(client, reason)]."""

    def asked(section: str, as_of: str) -> list[tuple[str, str]]:
        rows = world.rows("marts.weekly_agenda", as_of=as_of)
        return [(row["client_id"], row["reason_code"]) for row in rows if row["section"] == section]

    return asked


def line(world, section: str, as_of: str) -> dict:
    """The only line of a section, with its facts read; its sentence and the rows behind it must be there to open."""
    (row,) = [row for row in world.rows("marts.weekly_agenda", as_of=as_of) if row["section"] == section]
    facts, evidence = json.loads(row["facts"]), json.loads(row["evidence"])
    for language in LANGUAGES:
        assert "[" not in translator(language)(f"agenda.reasons.{row['reason_code']}", **facts)
    assert world.fetch(evidence["mart"], **{"as_of": as_of, **evidence["params"]}).num_rows >= 0
    return row | {"facts": facts, "evidence": evidence}


def monthly(client: str, *days: str, amount: int = 100) -> str:
    return "client | date | amount\n" + "\n".join(f"{client} | {day} | {amount}" for day in days)


# Forgotten


def test_forgotten_on_the_seventh_day_of_the_reference_case(world, agenda):
    world.given("clients", "client_id | key_client | manager\na | yes | Anna\nb | no | Anna")
    world.given("touches", "client | held_on | kind | manager\na | 2026-03-10 | standard | Anna\nb | 2026-03-01 | need | Anna")
    assert agenda("forgotten", "2026-03-16") == []
    assert agenda("forgotten", "2026-03-17") == [("a", "forgotten")]
    found = line(world, "forgotten", "2026-03-17")
    assert found["facts"] == {"count": 7, "last_on": "2026-03-10"}
    assert (found["owner"], found["item_id"], found["is_key"]) == ("Anna", "forgotten:a", True)


@pytest.mark.parametrize(
    ("table", "row", "is_event"),
    [
        ("orders", "client | date | amount\na | 2026-03-12 | 100", True),
        ("orders", "client | date | amount | document_type\na | 2026-03-12 | -100 | return", True),
        ("touches", "client | held_on | kind\na | 2026-03-12 | attempt", True),
        ("touches", "client | held_on | kind\na | 2026-03-12 | problem", True),
        ("touches", "client | held_on | kind\na | 2026-03-12 | internal", False),
        ("promises", "promise_id | client | made_on\np | a | 2026-03-12", True),
        ("promises", "promise_id | client | made_on | due_on\np | a | 2026-03-01 | 2026-03-12", False),
        ("promises", "promise_id | client | made_on | due_on | done_on\np | a | 2026-03-01 | 2026-03-02 | 2026-03-12", True),
        ("promises", "promise_id | client | made_on | moved_on | new_due_on\np | a | 2026-03-01 | 2026-03-12 | 2026-04-01", True),
    ],
)  # fmt: skip
def test_what_is_an_event_of_a_key_client(world, agenda, table, row, is_event):
    world.given("clients", "client_id | key_client\na | yes")
    world.given("touches", "client | held_on | kind\na | 2026-03-05 | standard")
    world.given(table, row)
    assert agenda("forgotten", "2026-03-16") == ([] if is_event else [("a", "forgotten")])


def test_forgotten_where_nothing_is_known(world, agenda):
    """No event at all; and a manager who logs no touches is said to log none."""
    world.given("clients", "client_id | key_client | manager\na | yes | Anna\nb | yes | Boris\nc | yes | Boris")
    world.given("touches", "client | held_on | kind | manager\nd | 2026-03-05 | standard | Anna")
    world.given("orders", "client | date | amount\nc | 2026-03-05 | 100")
    assert sorted(agenda("forgotten", "2026-03-16")) == [
        ("a", "forgotten_never"),
        ("b", "forgotten_never"),
        ("c", "forgotten_unlogged"),
    ]


# Newly drowsing or asleep


MONTHLY = monthly("a", "2026-01-01", "2026-01-31", "2026-03-02", "2026-04-01")


def test_drowsing_is_news_for_a_week(world, agenda):
    """T = 30 and no ratios measured: drowsing beyond 45 days of silence, asleep beyond 60."""
    world.given("orders", MONTHLY)
    days = ["2026-05-16", "2026-05-17", "2026-05-23", "2026-05-24", "2026-05-31", "2026-06-01", "2026-06-07", "2026-06-08"]
    assert [agenda("drowsing", day) for day in days] == [
        [],
        [("a", "newly_drowsing")],
        [("a", "newly_drowsing")],
        [],
        [],
        [("a", "newly_asleep")],
        [("a", "newly_asleep")],
        [],
    ]


def test_money_of_silence_is_the_median_order_times_the_cycles_missed(world):
    world.given("orders", MONTHLY + "\na | 2026-04-01 | 200")
    drowsing, asleep = line(world, "drowsing", "2026-05-17"), line(world, "drowsing", "2026-06-01")
    assert (drowsing["money"], drowsing["facts"]) == (Decimal(100), {"count": 46, "cycle_days": 30.0, "cycles_missed": 1})
    assert (asleep["money"], asleep["facts"]) == (Decimal(200), {"count": 61, "cycle_days": 30.0, "cycles_missed": 2})


# Orders expected


def test_an_order_is_expected_within_seven_days(world, agenda):
    """E = 1 May; the window opens on 25 April."""
    world.given("orders", MONTHLY)
    world.given("touches", "client | held_on | kind | channel\nb | 2026-01-05 | standard | call")
    days = ["2026-04-23", "2026-04-24", "2026-04-25", "2026-04-30", "2026-05-01"]
    assert [agenda("expected_orders", day) for day in days] == [
        [],
        [("a", "expected_soon")],
        [("a", "expected_untouched")],
        [("a", "expected_untouched")],
        [],
    ]
    found = line(world, "expected_orders", "2026-04-25")
    assert found["facts"] == {"count": 6, "expected_on": "2026-05-01", "opens_on": "2026-04-25"}
    assert found["money"] == Decimal(100)


@pytest.mark.parametrize(
    ("touch", "is_touched"),
    [
        ("2026-04-24 | need | call", False),
        ("2026-04-25 | need | call", True),
        ("2026-04-28 | mandatory | visit", True),
        ("2026-04-28 | need | letter", False),
        ("2026-04-28 | attempt | call", False),
        ("2026-04-29 | need | call", False),  # held after the as-of date
    ],
)
def test_a_personal_touch_in_the_window_is_enough(world, agenda, touch, is_touched):
    world.given("orders", MONTHLY)
    world.given("touches", f"client | held_on | kind | channel\nb | 2026-01-05 | standard | call\na | {touch}")
    assert agenda("expected_orders", "2026-04-28") == ([] if is_touched else [("a", "expected_untouched")])


def test_no_order_is_expected_of_a_client_marked_lost_and_no_touch_denied_where_none_is_logged(world, agenda):
    world.given("clients", "client_id | marked_lost | manager\na | no | Anna\nb | yes | Anna")
    world.given("orders", MONTHLY + MONTHLY.replace("a |", "b |").removeprefix("client | date | amount"))
    assert agenda("expected_orders", "2026-04-28") == [("a", "expected_unlogged")]


# Promises


def test_overdue_promises_of_everybody_most_money_first(world):
    world.given("orders", "client | date | amount\na | 2026-03-01 | 100\nb | 2026-03-01 | 300")
    world.given(
        "promises",
        """
        promise_id | client | owner | made_on | due_on | text
        p1 | a | Anna | 2026-02-20 | 2026-03-05 | send the price list
        p2 | b | Boris | 2026-02-20 | 2026-03-06 | send a sample
        p3 | nobody | | 2026-02-20 | 2026-03-06 |
        p4 | a | Anna | 2026-02-20 | 2026-03-16 | not overdue
        """,
        captured_on="2026-03-16",
    )
    lines = [row for row in world.rows("marts.weekly_agenda", as_of="2026-03-16") if row["section"] == "overdue"]
    assert [(row["client_id"], row["owner"], row["money"], row["reason_code"], row["line_number"]) for row in lines] == [
        ("b", "Boris", Decimal(300), "overdue", 1),
        ("a", "Anna", Decimal(100), "overdue_escalate", 2),
        ("nobody", None, None, "overdue", 3),
    ]
    assert [json.loads(row["facts"])["text"] for row in lines] == ["send a sample", "send the price list", "p3"]
    assert world.fetch("marts.weekly_agenda", as_of="2026-03-16").column_names[:7] == FIRST


def test_filters_leave_the_lines_of_their_clients(world):
    world.given("clients", "client_id | key_client | manager\na | yes | Anna\nb | yes | Boris")
    lines = world.rows("marts.weekly_agenda", as_of="2026-03-16", manager="Anna")
    assert [(row["section"], row["client_id"]) for row in lines] == [("forgotten", "a")]


def moved(world, *dues: str, key: str = "yes") -> None:
    """One promise in weekly exports from 2 March on, with these dues."""
    world.given("clients", f"client_id | key_client\na | {key}")
    for week, due in enumerate(dues):
        world.given(
            "promises", f"promise_id | client | made_on | {due.split(' ')[0]}\np | a | 2026-03-01 | {due.split(' ', 1)[1]}",
            captured_on=date(2026, 3, 2 + 7 * week),
        )  # fmt: skip


def test_silent_moves_stand_until_the_promise_is_done_and_a_week_longer(world, agenda):
    moved(world, "due_on 2026-03-10", "due_on 2026-04-20")
    assert agenda("silent_moves", "2026-03-08") == []
    assert agenda("silent_moves", "2026-03-09") == [("a", "silent_move")]
    assert agenda("silent_moves", "2026-04-19") == [("a", "silent_move")]
    assert line(world, "silent_moves", "2026-03-09")["facts"] == {
        "count": 1, "text": "p", "from_on": "2026-03-10", "to_on": "2026-04-20", "found_on": "2026-03-09",
    }  # fmt: skip


def test_silent_moves_of_others_than_key_clients_are_not_for_the_meeting(world, agenda):
    moved(world, "due_on 2026-03-10", "due_on 2026-04-20", key="no")
    assert agenda("silent_moves", "2026-03-09") == []


# Touches owed


def test_touches_owed_of_the_reference_case(world, agenda):
    """T = 30.4375 d cannot be had of whole days; the window of one order, norm 2, 1 and 2, as METHOD 9."""
    world.given("clients", "client_id | manager\na | Anna")
    world.given("orders", MONTHLY)
    world.given(
        "touches",
        "client | held_on | kind | manager\n" + "\n".join(
            f"a | 2026-04-0{day} | {kind} | Anna"
            for day, kind in enumerate(["mandatory", "standard", "standard", "standard", "need"], 2)
        ),
    )  # fmt: skip
    found = line(world, "touches_owed", "2026-04-20")
    assert found["facts"] == {"count": 2, "mandatory": 1, "standard": 0, "need": 1}
    assert (found["owner"], found["evidence"]["mart"]) == ("Anna", "marts.evidence_compliance")
    assert agenda("touches_owed", "2026-06-01") == []  # asleep by then: that is reactivation


# Annual meetings


TWO_CLASSES = "client_id | manager\na | Anna\nb | Anna"
BIG_AND_SMALL = "client | date | amount\na | 2026-03-01 | 1000\nb | 2026-03-01 | 1"
LOG = "client | held_on | kind | manager | type | subject | contact\nb | 2025-01-05 | standard | Anna | call | |"


def meet(world, *rows: str) -> None:
    world.given("clients", TWO_CLASSES)
    world.given("orders", BIG_AND_SMALL)
    world.given("touches", "\n".join([LOG, *rows]))


def test_annual_meeting_is_due_twelve_months_after_the_last(world, agenda):
    world.given("contacts", "client | name | title\na | Ivan Petrov | Commercial director")
    meet(world, "a | 2025-04-10 | standard | Anna | meeting | Annual review | Ivan Petrov")
    assert agenda("annual_meetings", "2026-04-09") == []
    found = line(world, "annual_meetings", "2026-04-10")
    assert (found["client_id"], found["reason_code"], found["money"]) == ("a", "annual_due_with", Decimal(1000))
    assert found["facts"] == {
        "held_on": "2025-04-10", "due_on": "2026-04-10", "with_whom": "Ivan Petrov", "level": "director",
        "since_on": "2026-03-01",
    }  # fmt: skip
    (meeting,) = world.rows("marts.client_meetings", as_of="2026-04-10", client_id="a")
    assert (meeting["held_on"], meeting["with_whom"], meeting["row_number"]) == (date(2025, 4, 10), "Ivan Petrov", 3)


@pytest.mark.parametrize(
    ("row", "is_annual"),
    [
        ("a | 2026-03-10 | standard | Anna | Встреча | Годовая встреча: планы |", True),
        ("a | 2026-03-10 | standard | Anna | визит | Подвели итоги года |", True),
        ("a | 2026-03-10 | standard | Anna | Встреча | Встреча о поставке |", False),
        ("a | 2026-03-10 | standard | Anna | Звонок | Пригласили на годовую встречу |", False),
        ("a | 2026-03-10 | attempt | Anna | Встреча | Годовая встреча |", False),
        ("a | 2026-04-11 | standard | Anna | Встреча | Годовая встреча |", False),
    ],
)
def test_what_is_an_annual_meeting(world, agenda, row, is_annual):
    meet(world, row)
    assert agenda("annual_meetings", "2026-04-10") == ([] if is_annual else [("a", "annual_never_at_least")])


def test_annual_meeting_never_held_says_since_when(world):
    world.given("clients", "client_id | manager | client_since\na | Anna | 2024-02-01")
    world.given("orders", BIG_AND_SMALL)
    world.given("touches", LOG)
    found = line(world, "annual_meetings", "2026-04-10")
    assert (found["reason_code"], found["facts"]["since_on"]) == ("annual_never_since", "2024-02-01")


def test_annual_meeting_is_not_denied_where_no_touch_is_logged(world, agenda):
    world.given("clients", "client_id | manager\na | Boris\nb | Anna")
    world.given("orders", BIG_AND_SMALL)
    world.given("touches", LOG)
    assert agenda("annual_meetings", "2026-04-10") == []


# Hollow contracts


def hollow(world, *touches: str, contacts: str | None = None) -> None:
    world.given("clients", "client_id | manager\na | Anna\nb | Anna")
    world.given("orders", "client | date | amount\na | 2026-05-01 | 1000")
    world.given("touches", "\n".join(["client | held_on | kind | manager | type", *touches]))
    if contacts:
        world.given("contacts", contacts)


def test_hollow_after_half_a_year_without_a_useful_personal_touch(world, agenda):
    """Six months are 182.625 days: the 182nd day after a touch is in, the 183rd is not."""
    hollow(world, "a | 2026-01-01 | need | Anna | call", "b | 2026-06-01 | standard | Anna | letter")
    assert agenda("hollow_contracts", "2026-07-02") == []
    found = line(world, "hollow_contracts", "2026-07-03")
    assert (found["client_id"], found["reason_code"]) == ("a", "hollow_untouched")
    assert found["facts"] == {"count": 183, "touches": 0, "problems": 0, "confirmed_on": None}
    assert found["evidence"]["params"] == {"client_id": "a", "since": "2026-01-02"}


@pytest.mark.parametrize(
    ("touch", "is_hollow"),
    [
        ("standard | Anna | visit", False),
        ("standard+need | Anna | call", False),
        ("standard | Anna | letter", True),
        ("mandatory | Anna | visit", True),
        ("attempt | Anna | call", True),
    ],
)
def test_which_touches_fill_a_contract(world, agenda, touch, is_hollow):
    hollow(world, f"a | 2026-06-01 | {touch}")
    assert agenda("hollow_contracts", "2026-06-10") == ([("a", "hollow_untouched")] if is_hollow else [])


@pytest.mark.parametrize(("problems", "others", "is_hollow"), [(7, 3, True), (2, 1, False), (6, 3, False)])
def test_hollow_from_seventy_percent_of_problems(world, agenda, problems, others, is_hollow):
    rows = ["a | 2026-05-02 | problem | Anna | call"] * problems + ["a | 2026-05-02 | need | Anna | call"] * others
    hollow(world, *rows, "a | 2026-05-02 | internal | Anna | note", "a | 2026-05-02 | attempt | Anna | call")
    assert agenda("hollow_contracts", "2026-06-10") == ([("a", "hollow_troubled")] if is_hollow else [])


USEFUL = "a | 2026-06-01 | need | Anna | call"


@pytest.mark.parametrize(
    ("people", "found"),
    [
        ("a | Ivan | 2025-06-10 |", "hollow_unconfirmed"),
        ("a | Ivan | 2025-06-11 |", None),
        ("a | Ivan | 2025-01-01 |\na | Olga | 2026-01-01 |", None),
        ("a | Ivan | 2025-01-01 |\na | Olga | 2026-01-01 | 2026-06-10", "hollow_unconfirmed"),  # she left
        ("a | Ivan | |\nb | Olga | 2026-01-01 |", "hollow_never_confirmed"),
        ("a | Ivan | |", None),  # no sheet says when anybody was confirmed: not known
        ("b | Olga | 2026-01-01 |", None),  # nobody known at the client: not known
    ],
)
def test_hollow_when_no_contact_was_confirmed_for_twelve_months(world, agenda, people, found):
    hollow(world, USEFUL, contacts=f"client | name | confirmed_on | left_on\n{people}")
    assert agenda("hollow_contracts", "2026-06-10") == ([("a", found)] if found else [])


def test_hollow_needs_revenue_and_somebody_who_logs(world, agenda):
    world.given("clients", "client_id | manager\na | Anna\nb | Boris\nc | Anna")
    world.given("orders", "client | date | amount\na | 2025-06-10 | 100\nb | 2026-05-01 | 100\nc | 2025-06-11 | 100")
    world.given("touches", "client | held_on | kind | manager\nd | 2026-06-01 | need | Anna")
    assert agenda("hollow_contracts", "2026-06-10") == [("c", "hollow_untouched")]


# Single threads


PEOPLE = "client | name | title | left_on\na | Ivan Petrov | Buyer |\na | Olga Smirnova | Director |\na | Petr Orlov | Engineer | 2026-01-01"


def threads(world, *touches: str, people: str = PEOPLE) -> None:
    world.given("clients", "client_id | manager\na | Anna")
    world.given("orders", "client | date | amount\na | 2026-03-01 | 1000")
    world.given("touches", "\n".join(["client | held_on | kind | manager | type | contact", *touches]))
    world.given("contacts", people)


def test_a_single_thread_is_one_person_in_ninety_days(world, agenda):
    ivan, olga = ("a | {} | need | Anna | call | " + name for name in ("Ivan Petrov", "Olga Smirnova, director"))
    threads(world, olga.format("2026-01-10"), ivan.format("2026-03-20"))
    assert agenda("single_threads", "2026-04-09") == []
    found = line(world, "single_threads", "2026-04-10")  # the 90th day after the touch of Olga
    assert (found["reason_code"], found["facts"]) == ("single_thread", {"count": 90, "person": "Ivan Petrov", "known": 2})


@pytest.mark.parametrize(
    ("touches", "people", "found"),
    [
        (["need | Anna | call | Ivan Petrov"], PEOPLE, "single_thread"),
        (["need | Anna | call | Ivan Petrov"], "client | name\na | Ivan Petrov", "single_person"),
        (["need | Anna | call | Petrov Ivan"] * 2, PEOPLE, "single_thread"),  # no sheet writes it so: one person all the same
        (["need | Anna | call | Ivan Petrov", "need | Anna | call | Somebody New"], PEOPLE, None),
        (["need | Anna | letter | Ivan Petrov"], PEOPLE, None),
        (["attempt | Anna | call | Ivan Petrov"], PEOPLE, None),
        (["need | Anna | call |"], PEOPLE, None),
        (["need | Anna | call | Ivan Petrov"], "client | name\nb | Ivan Petrov", None),  # nobody known: not measurable
    ],
)
def test_what_a_single_thread_is_made_of(world, agenda, touches, people, found):
    threads(world, *[f"a | 2026-03-20 | {touch}" for touch in touches], people=people)
    assert agenda("single_threads", "2026-04-10") == ([("a", found)] if found else [])


# Good news


def test_promises_kept_this_week_are_good_news(world, agenda):
    world.given("orders", "client | date | amount\na | 2026-03-01 | 1000")
    world.given(
        "promises",
        """
        promise_id | client | text | made_on | due_on | done_on
        p1 | a | sample | 2026-03-01 | 2026-03-20 | 2026-03-10
        p2 | a | price list | 2026-03-01 | 2026-03-20 | 2026-03-11
        p3 | a | late | 2026-03-01 | 2026-03-10 | 2026-03-11
        """,
        captured_on="2026-03-20",
    )
    assert line(world, "good_news", "2026-03-16")["facts"] == {"count": 2, "text": "price list", "done_on": "2026-03-11"}
    assert line(world, "good_news", "2026-03-17")["facts"]["count"] == 1
    assert agenda("good_news", "2026-03-18") == []


def test_a_client_that_came_back_is_good_news_for_a_week(world, agenda):
    world.given("orders", monthly("a", "2026-01-01", "2026-01-31", "2026-03-02", "2026-04-01", "2026-06-20"))
    assert agenda("good_news", "2026-06-19") == []
    assert line(world, "good_news", "2026-06-20")["facts"] == {"count": 80, "orders": 5}
    assert agenda("good_news", "2026-06-26") == [("a", "good_returned")]
    assert agenda("good_news", "2026-06-27") == []


def test_a_client_that_became_loyal_is_good_news_for_a_week(world, agenda):
    """A year with us on 1 April 2026, six orders and no gap."""
    world.given("clients", "client_id | client_since\na | 2025-04-01")
    days = [f"2025-{month:02}-25" for month in (10, 11, 12)] + [f"2026-{month:02}-25" for month in (1, 2, 3)]
    world.given("orders", monthly("a", *days))
    assert agenda("good_news", "2026-03-31") == []
    assert line(world, "good_news", "2026-04-01")["facts"]["orders"] == 6
    assert agenda("good_news", "2026-04-07") == [("a", "good_loyal")]
    assert agenda("good_news", "2026-04-08") == []


def test_a_better_class_is_good_news_where_the_client_bought_more(world, agenda):
    """Half of the money makes A+: b overtakes a with the order of 10 March; a sinks, which is no news to tell."""
    world.given("orders", "client | date | amount\na | 2026-01-01 | 100\nb | 2026-01-01 | 40\nb | 2026-03-10 | 100")
    assert agenda("good_news", "2026-03-09") == []
    assert agenda("good_news", "2026-03-16") == [("b", "good_class_up")]
    assert line(world, "good_news", "2026-03-16")["facts"] == {"class_before": "A", "class": "A+"}
    assert agenda("good_news", "2026-03-17") == []


# The words


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_section_and_reason_has_its_words(language):
    known = entries(language)
    codes = {"newly_drowsing", "newly_asleep", "good_returned", "good_loyal"}  # made of a status
    for name, query in queries.all_queries().items():
        if name.startswith("metrics.agenda_"):
            assert f"agenda.sections.{query.stem.removeprefix('agenda_')}" in known
            codes |= set(re.findall(r"'([a-z_]+)' as (?:reason_code|news)", query.text))
            for expression in re.findall(r"money,\s+case(.*?)end as reason_code", query.text, re.DOTALL):
                codes |= set(re.findall(r"(?:then|else) '([a-z_]+)'", expression))
    assert len(codes) > 20
    assert {code for code in codes if f"agenda.reasons.{code}" not in known} == set()

"""The agenda of the weekly review: who is on it and why, on both sides of each border (METHOD 6 and 8)."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from kam.i18n import LANGUAGES, entries

FIRST = ["section", "client_id", "owner", "money", "reason_code", "facts", "evidence"]


@pytest.fixture
def agenda(world):
    """The lines of one section at a day, as [(client, reason)]."""

    def asked(section: str, as_of: str) -> list[tuple[str, str]]:
        rows = world.rows("marts.weekly_agenda", as_of=as_of)
        return [(row["client_id"], row["reason_code"]) for row in rows if row["section"] == section]

    return asked


def line(world, section: str, as_of: str) -> dict:
    """The only line of a section, with its facts read."""
    (row,) = [row for row in world.rows("marts.weekly_agenda", as_of=as_of) if row["section"] == section]
    return row | {"facts": json.loads(row["facts"]), "evidence": json.loads(row["evidence"])}


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


# The words


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_section_and_reason_has_its_words(language):
    from kam import queries

    known = entries(language)
    codes = {"newly_drowsing", "newly_asleep"}
    for name, query in queries.all_queries().items():
        if name.startswith("metrics.agenda_"):
            assert f"agenda.sections.{query.stem.removeprefix('agenda_')}" in known
            codes |= {word for word in _codes(query.text) if word}
    assert {code for code in codes if f"agenda.reasons.{code}" not in known} == set()


def _codes(text: str) -> set[str]:
    """The reason codes that a section's SQL writes: quoted words of its `reason_code` expression."""
    import re

    (expression,) = re.findall(r"money,\s+(.*?) as reason_code", text, re.DOTALL)
    literals = re.findall(r"(?:then|else|^)\s*'([a-z_]+)'(?!\s*\|\|)", expression.strip())
    return set(literals)

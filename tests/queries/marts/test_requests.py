"""How promptly requests are answered, on both sides of each border (METHOD 5)."""

from __future__ import annotations

import pytest

HEAD = "request_id | client | received_at | answered_at | answer_due_on"


@pytest.fixture
def requests(world):
    def asked(*rows: str, as_of: str = "2026-03-16") -> dict[str, dict]:
        world.given("requests", "\n".join([HEAD, *rows]))
        return {row["request_id"]: row for row in world.rows("marts.request_list", as_of=as_of)}

    return asked


def test_hours_where_both_moments_have_a_time_of_day(requests):
    found = requests(
        "r1 | a | 2026-03-10 09:00 | 2026-03-10 11:30 |",
        "r2 | a | 2026-03-10 | 2026-03-10 11:30 |",
        "r3 | a | 10.03.2026 23:00 | 11.03.2026 01:00 |",
        "r4 | a | 2026-03-10 11:00 | 2026-03-10 10:59 |",
    )
    assert [found[f"r{number}"]["answer_hours"] for number in (1, 2, 3, 4)] == [2.5, None, 2.0, None]
    assert {row["request_state"] for row in found.values()} == {"answered"}


def test_working_days_leave_out_weekends_and_the_days_off_that_were_moved(requests):
    """7 and 8 March are a weekend, Monday the 9th is off for the holiday on the Sunday; 12 June is a holiday, a Friday."""
    found = requests(
        "r1 | a | 2026-03-06 | 2026-03-06 |",
        "r2 | a | 2026-03-06 | 2026-03-09 |",
        "r3 | a | 2026-03-06 | 2026-03-10 |",
        "r4 | a | 2026-06-11 | 2026-06-15 |",
        "r5 | a | 2026-03-06 | 2026-03-05 |",
        as_of="2026-07-01",
    )
    spans = {name: (row["answer_days"], row["answer_working_days"]) for name, row in found.items()}
    assert spans == {"r1": (0, 0), "r2": (3, 0), "r3": (4, 1), "r4": (4, 1), "r5": (None, None)}


def test_without_an_answer_was_a_day_named(requests):
    found = requests(
        "r1 | a | 2026-03-12 | |",
        "r2 | a | 2026-03-12 | | 2026-03-16",
        "r3 | a | 2026-03-12 | | 2026-03-15",
        "r4 | a | 2026-03-12 | 2026-03-17 | 2026-03-15",  # answered after the day it is asked about
        "r5 | a | 2026-03-12 | 2026-03-16 |",
        "r6 | a | 2026-03-17 | |",
    )
    states = {name: (row["request_state"], row["waiting_working_days"]) for name, row in found.items()}
    assert states == {
        "r1": ("unnamed", 2),
        "r2": ("named", 2),
        "r3": ("broken", 2),
        "r4": ("broken", 2),
        "r5": ("answered", None),
    }


def test_the_summary_adds_up_to_the_list(world, requests):
    requests("r1 | a | 2026-03-10 09:00 | 2026-03-10 11:00 |", "r2 | a | 2026-03-10 | 2026-03-12 |", "r3 | b | 2026-03-12 | |")
    (row,) = world.rows("marts.request_summary", as_of="2026-03-16")
    assert (row["request_count"], row["answered_count"], row["answered_share"]) == (3, 2, pytest.approx(2 / 3))
    assert (row["median_hours"], row["timed_count"], row["median_working_days"]) == (2.0, 1, 1.0)
    assert (row["unanswered_count"], row["named_count"], row["broken_count"], row["unnamed_count"]) == (1, 0, 0, 1)
    unnamed = world.rows("marts.request_list", as_of="2026-03-16", scope="unnamed")
    assert [(row["request_id"], row["file"], row["row_number"]) for row in unnamed] == [("r3", "requests-1.csv", 4)]


def test_nothing_is_claimed_of_no_requests(world):
    world.given("orders", "client | date | amount\na | 2026-03-01 | 1000")
    (row,) = world.rows("marts.request_summary", as_of="2026-03-16")
    assert (row["request_count"], row["answered_share"], row["median_working_days"]) == (0, None, None)


def test_what_is_not_a_request_is_told(world):
    world.given("requests", f"{HEAD}\nr1 | | 2026-03-12 | |\nr2 | a | soon | |\nr3 | a | | |\nr4 | a | 2026-03-12 | soon |")
    world.build()
    rejects = world.rows("marts.rejected_rows", sheet_id=1)
    assert [(row["row_number"], row["reason"], row["column_name"], row["value"]) for row in rejects] == [
        (2, "client_missing", None, None),
        (3, "date_unreadable", None, "soon"),
        (4, "date_missing", None, None),
        (5, "cell_unreadable", "answered_at", "soon"),
    ]


def test_a_request_and_its_answer_are_events_of_a_key_client(world):
    world.given("clients", "client_id | key_client\na | yes")
    world.given("requests", f"{HEAD}\nr1 | a | 2026-03-01 | 2026-03-09 |")
    forgotten = [row["section"] for row in world.rows("marts.weekly_agenda", as_of="2026-03-15")]
    assert forgotten == []
    assert [row["section"] for row in world.rows("marts.weekly_agenda", as_of="2026-03-16")] == ["forgotten"]

"""What became of promises, on both sides of each border (METHOD 5)."""

from __future__ import annotations

from datetime import date

import pytest


@pytest.fixture
def promise(given, world):
    """The row of promise p as of a day; loads are {captured on: {column: value}}, in the order given."""

    def asked(as_of: str, loads: dict[str, dict[str, str]]) -> dict:
        for captured_on, told in loads.items():
            row = {"promise_id": "p", "client": "a", "made_on": "2026-03-01", **told}
            given("promises", " | ".join(row) + "\n" + " | ".join(row.values()), captured_on=captured_on)
        (found,) = world.rows("marts.promise_states", as_of=as_of)
        return found

    return asked


@pytest.mark.parametrize(
    ("as_of", "state", "days", "working_days"),
    [
        ("2026-03-06", "open", 0, 0),  # the due day, a Friday
        ("2026-03-07", "overdue", 1, 0),
        ("2026-03-09", "overdue", 3, 0),  # a Monday off for the holiday on the 8th
        ("2026-03-10", "overdue", 4, 1),
    ],
)
def test_overdue_the_day_after_the_due_day(promise, as_of, state, days, working_days):
    row = promise(as_of, {"2026-03-02": {"due_on": "2026-03-06"}})
    assert (row["state"], row["days_overdue"], row["working_days_overdue"]) == (state, days, working_days)


@pytest.mark.parametrize(
    ("done_on", "as_of", "state", "days"),
    [
        ("2026-03-10", "2026-03-31", "kept_on_time", 0),
        ("2026-03-11", "2026-03-31", "kept_late", 1),
        ("2026-03-11", "2026-03-11", "kept_late", 1),
        ("2026-03-11", "2026-03-10", "open", 0),  # done later is still open
        ("2026-03-20", "2026-03-19", "overdue", 9),
    ],
)
def test_done(promise, done_on, as_of, state, days):
    row = promise(as_of, {"2026-04-01": {"due_on": "2026-03-10", "done_on": done_on}})
    assert (row["state"], row["days_overdue"]) == (state, days)
    assert row["done_on"] == (date.fromisoformat(done_on) if done_on <= as_of else None)


MOVED = {
    "original_due_on": "2026-03-10",
    "due_on": "2026-03-20",
    "moved_on": "2026-03-09",
    "new_due_on": "2026-03-20",
    "explanation": "the carrier is late",
    "done_on": "2026-03-18",
}


def test_postponement_without_an_apology_of_the_reference_case(promise):
    row = promise("2026-03-31", {"2026-03-23": MOVED})
    assert (row["postponement_score"], row["state"], row["days_overdue"]) == (3, "kept_late", 8)
    assert (row["move_count"], row["silent_move_count"]) == (1, 0)


def test_postponement_in_an_export_that_keeps_the_due_day(promise):
    """The new day stands in the record alone."""
    row = promise("2026-03-15", {"2026-03-23": {**MOVED, "original_due_on": "", "due_on": "2026-03-10"}})
    assert (row["original_due_on"], row["due_on"]) == (date(2026, 3, 10), date(2026, 3, 20))
    assert (row["postponement_score"], row["move_count"], row["state"]) == (3, 1, "open")


@pytest.mark.parametrize(
    ("changed", "score", "state"),
    [
        ({}, 4, "kept_as_agreed"),
        ({"done_on": "2026-03-20"}, 4, "kept_as_agreed"),
        ({"done_on": "2026-03-21"}, 4, "kept_late"),
        ({"moved_on": "2026-03-10"}, 4, "kept_as_agreed"),  # told on the due day
        ({"moved_on": "2026-03-11"}, 3, "kept_late"),  # told the day after
        ({"apology": "нет"}, 3, "kept_late"),
        ({"explanation": ""}, 3, "kept_late"),
        ({"new_due_on": ""}, 3, "kept_late"),  # the due day moved, no new day was said
        ({"moved_on": ""}, 3, "kept_late"),
        ({"done_on": "2026-03-10"}, 4, "kept_on_time"),
    ],
)
def test_proper_postponement_has_four_points(promise, changed, score, state):
    row = promise("2026-03-31", {"2026-03-23": {**MOVED, "apology": "by telephone", **changed}})
    assert (row["postponement_score"], row["state"], row["silent_move_count"]) == (score, state, 0)


def test_a_postponement_is_known_from_its_day(promise):
    loads = {"2026-03-23": {**MOVED, "done_on": ""}}
    row = promise("2026-03-08", loads)
    assert (row["due_on"], row["move_count"], row["postponement_score"]) == (date(2026, 3, 10), 0, None)


SILENT = {"2026-03-02": {"due_on": "2026-03-10"}, "2026-03-09": {"due_on": "2026-03-20"}}


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize(
    ("as_of", "due_on", "count", "state"),
    [("2026-03-08", 10, 0, "open"), ("2026-03-09", 20, 1, "open"), ("2026-03-21", 20, 1, "overdue")],
)
def test_silent_move_is_found_on_the_day_of_the_export_that_shows_it(promise, order, as_of, due_on, count, state):
    row = promise(as_of, dict(list(SILENT.items())[::order]))
    assert (row["due_on"], row["silent_move_count"]) == (date(2026, 3, due_on), count)
    assert (row["move_count"], row["postponement_score"], row["state"]) == (count, None, state)


def test_silently_moved_and_done_by_the_new_day_is_late(promise):
    row = promise("2026-03-31", {**SILENT, "2026-03-30": {"due_on": "2026-03-20", "done_on": "2026-03-18"}})
    assert (row["state"], row["days_overdue"]) == ("kept_late", 8)


def test_a_due_day_that_differs_from_the_original_is_a_silent_move(promise):
    row = promise("2026-03-31", {"2026-03-09": {"original_due_on": "2026-03-10", "due_on": "2026-03-20"}})
    assert (row["original_due_on"], row["due_on"]) == (date(2026, 3, 10), date(2026, 3, 20))
    assert (row["silent_move_count"], row["days_overdue"]) == (1, 11)


def test_a_poor_record_is_a_low_score_and_no_silent_move(promise):
    loads = {"2026-03-02": {"due_on": "2026-03-10"}, "2026-03-16": {"due_on": "2026-03-20", "moved_on": "2026-03-14"}}
    row = promise("2026-03-31", loads)
    assert (row["move_count"], row["silent_move_count"], row["postponement_score"]) == (1, 0, 0)


def test_a_promise_absent_from_an_export_is_not_moved(given, world, promise):
    given("promises", "promise_id | client | due_on\nother | a | 2026-04-30", captured_on="2026-03-05")
    for captured_on in ("2026-03-02", "2026-03-09"):
        given("promises", "promise_id | client | due_on\np | a | 2026-03-10", captured_on=captured_on)
    rows = {row["promise_id"]: row for row in world.rows("marts.promise_states", as_of="2026-03-09")}
    assert rows["p"]["move_count"] == 0


def test_of_two_exports_of_one_day_the_later_counts(given, world):
    for due_on in ("2026-03-10", "2026-03-20"):
        given("promises", f"promise_id | client | due_on\np | a | {due_on}", captured_on="2026-03-02")
    (row,) = world.rows("marts.promise_states", as_of="2026-03-09")
    assert (row["original_due_on"], row["move_count"]) == (date(2026, 3, 20), 0)


def test_two_records_of_one_day_count_in_the_order_of_the_export(given, world):
    given(
        "promises",
        """
        promise_id | client | due_on     | moved_on   | new_due_on
        p          | a      | 2026-03-10 | 2026-03-09 | 2026-03-24
        p          | a      | 2026-03-10 | 2026-03-09 | 2026-03-17
        """,
        captured_on="2026-03-23",
    )
    (row,) = world.rows("marts.promise_states", as_of="2026-03-31")
    assert (row["original_due_on"], row["due_on"], row["move_count"]) == (date(2026, 3, 10), date(2026, 3, 17), 2)


@pytest.mark.parametrize(
    ("as_of", "captured_on", "made_on", "is_known"),
    [
        ("2026-03-01", "2026-03-09", "2026-03-01", True),
        ("2026-02-28", "2026-03-09", "2026-03-01", False),
        ("2026-03-09", "2026-03-09", "", True),
        ("2026-03-08", "2026-03-09", "", False),
    ],
)
def test_known_once_made_or_where_that_is_unknown_once_seen(given, world, as_of, captured_on, made_on, is_known):
    given("promises", f"promise_id | client | made_on\np | a | {made_on}", captured_on=captured_on)
    assert len(world.rows("marts.promise_states", as_of=as_of)) == is_known


@pytest.mark.parametrize("done_on", ["", "2026-03-09"])
def test_without_any_due_day_undated(promise, done_on):
    row = promise("2026-03-31", {"2026-03-09": {"done_on": done_on}})
    assert (row["state"], row["due_on"], row["days_overdue"]) == ("undated", None, 0)


@pytest.mark.parametrize(
    ("captured_on", "as_of", "state"),
    [
        ("2026-03-10", "2026-03-31", "kept_on_time"),  # an export of the due day shows it done
        ("2026-03-11", "2026-03-31", "undated"),
        ("2026-03-10", "2026-03-09", "open"),  # and nothing showed it the day before
    ],
)
def test_done_on_nobody_knows_what_day(promise, captured_on, as_of, state):
    row = promise(as_of, {captured_on: {"due_on": "2026-03-10", "status": "done"}})
    assert (row["state"], row["done_on"], row["days_overdue"]) == (state, None, 0)


@pytest.mark.parametrize(("as_of", "row_count"), [("2026-03-08", 1), ("2026-03-09", 0)])
def test_cancelled_is_left_out_from_the_export_that_shows_it(given, world, as_of, row_count):
    for captured_on, status in (("2026-03-02", "open"), ("2026-03-09", "cancelled")):
        given("promises", f"promise_id | client | due_on | status\np | a | 2026-03-10 | {status}", captured_on=captured_on)
    assert len(world.rows("marts.promise_states", as_of=as_of)) == row_count

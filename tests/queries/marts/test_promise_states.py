"""What became of promises, on both sides of each border (METHOD 5)."""

from __future__ import annotations

from datetime import date

import pytest

COLUMNS = [
    "promise_id",
    "client",
    "made_on",
    "original_due_on",
    "due_on",
    "done_on",
    "status",
    "moved_on",
    "explanation",
    "apology",
    "new_due_on",
]


@pytest.fixture
def promises(given, world):
    """The row of each case at its own day (None: not listed), from (as of, {captured on: {column: value}}) each.

    All promises stand in the same exports, which come in in the order in which the cases name them.
    """

    def asked(cases: list[tuple[str, dict[str, dict[str, str]]]]) -> list[dict | None]:
        for captured_on in dict.fromkeys(day for _, loads in cases for day in loads):
            sheet = [" | ".join(COLUMNS)]
            for number, (_, loads) in enumerate(cases):
                if captured_on in loads:
                    row = {"promise_id": f"p{number}", "client": "a", "made_on": "2026-03-01", **loads[captured_on]}
                    sheet.append(" | ".join(row.get(column, "") for column in COLUMNS))
            given("promises", "\n".join(sheet), captured_on=captured_on)
        found = []
        for number, (as_of, _) in enumerate(cases):
            rows = {row["promise_id"]: row for row in world.rows("marts.promise_states", as_of=as_of)}
            found.append(rows.get(f"p{number}"))
        return found

    return asked


def march(day: int) -> date:
    return date(2026, 3, day)


def test_overdue_the_day_after_the_due_day(promises):
    """7 and 8 March are a weekend, 9 March is a day off for the holiday on the 8th."""
    load = {"2026-03-02": {"due_on": "2026-03-06"}}
    found = promises([(day, load) for day in ("2026-03-06", "2026-03-07", "2026-03-09", "2026-03-10")])
    assert [(row["state"], row["days_overdue"], row["working_days_overdue"]) for row in found] == [
        ("open", 0, 0),
        ("overdue", 1, 0),
        ("overdue", 3, 0),
        ("overdue", 4, 1),
    ]


def test_done(promises):
    cases = [
        ("2026-03-31", "2026-03-10"),
        ("2026-03-31", "2026-03-11"),
        ("2026-03-11", "2026-03-11"),
        ("2026-03-10", "2026-03-11"),  # done later is still open
        ("2026-03-19", "2026-03-20"),
    ]
    found = promises([(day, {"2026-04-01": {"due_on": "2026-03-10", "done_on": done}}) for day, done in cases])
    assert [(row["state"], row["days_overdue"], row["done_on"]) for row in found] == [
        ("kept_on_time", 0, march(10)),
        ("kept_late", 1, march(11)),
        ("kept_late", 1, march(11)),
        ("open", 0, None),
        ("overdue", 9, None),
    ]


MOVED = {
    "original_due_on": "2026-03-10",
    "due_on": "2026-03-20",
    "moved_on": "2026-03-09",
    "new_due_on": "2026-03-20",
    "explanation": "the carrier is late",
    "done_on": "2026-03-18",
}


def test_postponement_without_an_apology_of_the_reference_case(promises):
    """Whether the export writes the new day over the old one or keeps the old one beside it."""
    kept = {**MOVED, "original_due_on": "", "due_on": "2026-03-10"}
    for row in promises([("2026-03-31", {"2026-03-23": told}) for told in (MOVED, kept)]):
        assert (row["postponement_score"], row["state"], row["days_overdue"]) == (3, "kept_late", 8)
        assert (row["original_due_on"], row["due_on"]) == (march(10), march(20))
        assert (row["move_count"], row["silent_move_count"]) == (1, 0)


def test_proper_postponement_has_four_points(promises):
    expected = {
        (): (4, "kept_as_agreed"),
        ("done_on", "2026-03-20"): (4, "kept_as_agreed"),
        ("done_on", "2026-03-21"): (4, "kept_late"),
        ("done_on", "2026-03-10"): (4, "kept_on_time"),
        ("moved_on", "2026-03-10"): (4, "kept_as_agreed"),  # told on the due day
        ("moved_on", "2026-03-11"): (3, "kept_late"),  # told the day after
        ("moved_on", ""): (3, "kept_late"),
        ("apology", "нет"): (3, "kept_late"),
        ("explanation", ""): (3, "kept_late"),
        ("new_due_on", ""): (3, "kept_late"),  # the due day moved, no new day was said
    }
    proper = {**MOVED, "apology": "by telephone"}
    told = [proper | dict([changed] if changed else []) for changed in expected]
    found = promises([("2026-03-31", {"2026-03-23": row}) for row in told])
    scored = [(row["postponement_score"], row["state"]) for row in found]
    assert dict(zip(expected, scored, strict=True)) == expected
    assert {row["silent_move_count"] for row in found} == {0}


def test_a_postponement_is_known_from_its_day(promises):
    found = promises([(day, {"2026-03-23": {**MOVED, "done_on": ""}}) for day in ("2026-03-08", "2026-03-09")])
    assert [(row["due_on"], row["move_count"], row["postponement_score"]) for row in found] == [
        (march(10), 0, None),
        (march(20), 1, 3),
    ]


SILENT = {"2026-03-02": {"due_on": "2026-03-10"}, "2026-03-09": {"due_on": "2026-03-20"}}


@pytest.mark.parametrize("order", [1, -1])
def test_silent_move_is_found_on_the_day_of_the_export_that_shows_it(promises, order):
    loads = dict(list(SILENT.items())[::order])
    found = promises([(day, loads) for day in ("2026-03-08", "2026-03-09", "2026-03-20", "2026-03-21")])
    assert [(row["due_on"], row["silent_move_count"], row["state"]) for row in found] == [
        (march(10), 0, "open"),
        (march(20), 1, "open"),
        (march(20), 1, "open"),
        (march(20), 1, "overdue"),
    ]
    assert [(row["move_count"], row["postponement_score"]) for row in found[1:]] == [(1, None)] * 3


def test_moves(promises):
    """(moves, silent moves, score of the last recorded one, due day)."""
    last = {"due_on": "2026-03-20"}
    cases = {
        "silently moved, done by the new day": {**SILENT, "2026-03-30": {**last, "done_on": "2026-03-18"}},
        "differs from the original": {"2026-03-09": {"original_due_on": "2026-03-10", **last}},
        "a poor record": {"2026-03-02": {"due_on": "2026-03-10"}, "2026-03-16": {**last, "moved_on": "2026-03-14"}},
        "not in the export between": {"2026-03-02": last, "2026-03-30": last},
        "silently there and back": {**SILENT, "2026-03-30": {"due_on": "2026-03-10"}},
        "the due day left out once": {"2026-03-02": last, "2026-03-09": {}, "2026-03-30": last},
    }
    found = promises([("2026-03-31", loads) for loads in cases.values()])
    told = [(row["move_count"], row["silent_move_count"], row["postponement_score"], row["due_on"].day) for row in found]
    assert dict(zip(cases, told, strict=True)) == {
        "silently moved, done by the new day": (1, 1, None, 20),
        "differs from the original": (1, 1, None, 20),
        "a poor record": (1, 0, 0, 20),
        "not in the export between": (0, 0, None, 20),
        "silently there and back": (2, 2, None, 10),
        "the due day left out once": (0, 0, None, 20),
    }
    assert (found[0]["state"], found[0]["days_overdue"]) == ("kept_late", 8)
    assert (found[1]["state"], found[1]["days_overdue"]) == ("overdue", 11)


def test_of_two_exports_of_one_day_the_later_counts(given, world):
    for due_on in ("2026-03-10", "2026-03-20"):
        given("promises", f"promise_id | client | due_on\np | a | {due_on}", captured_on="2026-03-02")
    (row,) = world.rows("marts.promise_states", as_of="2026-03-09")
    assert (row["original_due_on"], row["move_count"]) == (march(20), 0)


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
    assert (row["original_due_on"], row["due_on"], row["move_count"]) == (march(10), march(17), 2)


def test_known_once_made_or_where_that_is_unknown_once_seen(promises):
    said, unsaid = {"2026-03-09": {"made_on": "2026-03-01"}}, {"2026-03-09": {"made_on": ""}}
    found = promises([("2026-02-28", said), ("2026-03-01", said), ("2026-03-08", unsaid), ("2026-03-09", unsaid)])
    assert [row is not None for row in found] == [False, True, False, True]


def test_without_any_due_day_undated(promises):
    for row in promises([("2026-03-31", {"2026-03-09": {"done_on": done}}) for done in ("", "2026-03-09")]):
        assert (row["state"], row["due_on"], row["days_overdue"]) == ("undated", None, 0)


def test_done_on_nobody_knows_what_day(promises):
    told = {"due_on": "2026-03-10", "status": "done"}
    found = promises(
        [
            ("2026-03-31", {"2026-03-10": told}),  # an export of the due day shows it done
            ("2026-03-31", {"2026-03-11": told}),
            ("2026-03-09", {"2026-03-10": told}),  # nothing showed it the day before
        ]
    )
    assert [(row["state"], row["done_on"]) for row in found] == [("kept_on_time", None), ("undated", None), ("open", None)]


def test_without_any_due_column_the_first_day_written_down_is_the_original(promises):
    said = {"moved_on": "2026-03-05", "new_due_on": "2026-03-10"}
    again = {"moved_on": "2026-03-09", "new_due_on": "2026-03-20"}
    (row,) = promises([("2026-03-31", {"2026-03-06": said, "2026-03-10": again})])
    assert (row["original_due_on"], row["due_on"], row["days_overdue"]) == (march(10), march(20), 11)


def test_cancelled_is_left_out_from_the_export_that_shows_it(promises):
    told = {"due_on": "2026-03-10"}
    loads = {"2026-03-02": {**told, "status": "open"}, "2026-03-09": {**told, "status": "cancelled"}}
    found = promises([("2026-03-08", loads), ("2026-03-09", loads)])
    assert [row is not None for row in found] == [True, False]

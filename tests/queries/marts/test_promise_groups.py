"""The promises screen: keep rate with its interval, ageing, escalation, calls ahead, silent moves (METHOD 5)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

D = date(2026, 4, 1)  # a Wednesday
HEAD = "promise_id | client | owner | text | made_on | due_on | done_on | status"


def day(before: int) -> date:
    return D - timedelta(before)


def promise(name: str, due: object = "", done: object = "", *, owner: str = "И", client: str = "1", status: str = "") -> str:
    return f"{name} | {client} | {owner} | {name} | 2026-01-01 | {due or ''} | {done or ''} | {status}"


@pytest.fixture
def promises(given):
    given("clients", "client_id | client_name | manager\n1 | Альфа | Иванов\n2 | Бета | Петров")
    given("orders", "client | date | amount\n1 | 2026-03-20 | 100\n2 | 2026-03-20 | 50")

    def made(*rows: str, captured_on: str = "2026-01-02") -> None:
        given("promises", "\n".join([HEAD, *rows]), captured_on)

    return made


def groups(world, **params) -> dict:
    return {(row["dimension"], row["group_name"]): row for row in world.rows("marts.promise_groups", as_of=D, **params)}


def overall(world, **params) -> dict:
    return groups(world, **params)["all", ""]


def scope(world, name: str, **params) -> list[str]:
    return sorted(row["promise_id"] for row in world.rows("marts.promise_list", as_of=D, scope=name, **params))


def test_keep_rate_is_over_promises_whose_original_due_has_come(promises, world):
    promises(
        promise("on the day", day(0), day(0)),
        promise("late", day(2), day(1)),
        promise("open", day(-1)),
        promise("early", day(-1), day(3)),
        promise("undated"),
        promise("cancelled", day(5), status="отменено"),
    )
    row = overall(world)
    assert (row["due_count"], row["kept_count"], row["keep_rate"]) == (2, 1, 0.5)
    assert (round(row["low_rate"], 4), round(row["high_rate"], 4)) == (0.0945, 0.9055)
    assert (row["undated_count"], row["cancelled_count"], row["promise_count"]) == (1, 1, 5)
    assert scope(world, "due") == ["late", "on the day"]


def test_money_of_a_client_with_two_overdue_promises_counts_once(promises, world):
    promises(promise("a", day(1)), promise("b", day(2)), promise("c", day(3), client="2"), promise("d", day(0)))
    row = overall(world)
    assert (row["overdue_count"], row["overdue_client_count"], row["overdue_revenue"]) == (3, 2, 150)
    assert scope(world, "overdue") == ["a", "b", "c"]


def test_ageing_borders_in_calendar_days(promises, world):
    ages = (1, 3, 4, 7, 8, 14, 15, 30, 31)
    promises(*(promise(f"{age:02d}", day(age)) for age in ages))
    rows = [row for row in world.rows("marts.promise_ageing", as_of=D) if row["measure"] == "calendar"]
    assert [(row["bucket"], row["promise_count"]) for row in rows] == [
        ("1-3", 2),
        ("4-7", 2),
        ("8-14", 2),
        ("15-30", 2),
        ("31+", 1),
    ]
    assert scope(world, "overdue", bucket="8-14") == ["08", "14"]


def test_overdue_since_friday_is_no_working_day_old_on_sunday(promises, world):
    promises(promise("a", "2026-03-27"))
    rows = world.rows("marts.promise_ageing", as_of="2026-03-29")
    found = [(row["measure"], row["bucket"]) for row in rows if row["promise_count"]]
    assert found == [("calendar", "1-3"), ("working", "0")]
    ids = world.rows("marts.promise_list", as_of="2026-03-29", scope="overdue", bucket="0", by_working=True)
    assert len(ids) == 1


def test_eleven_days_or_two_moves_escalate(promises, world):
    promises(promise("ten", day(10)), promise("eleven", day(11)), promise("moved", day(20)), promise("once", day(20)))
    promises(
        promise("moved", day(9)),
        promise("once", day(5)),
        promise("ten", day(10)),
        promise("eleven", day(11)),
        captured_on="2026-03-20",
    )
    promises(
        promise("moved", day(-9)),
        promise("once", day(5)),
        promise("ten", day(10)),
        promise("eleven", day(11)),
        captured_on="2026-03-25",
    )
    assert scope(world, "escalated") == ["eleven", "moved"]
    assert overall(world)["escalated_count"] == 2


def test_upcoming_reaches_the_fourteenth_day(promises, world):
    promises(promise("today", day(0)), promise("fourteenth", day(-14)), promise("fifteenth", day(-15)))
    assert scope(world, "upcoming") == ["fourteenth", "today"]


def touches(given, *days: date, kind: str = "need", manager: str = "Иванов") -> None:
    rows = "\n".join(f"1 | {on} | {kind} | {manager}" for on in days)
    given("touches", f"client | held_on | kind | manager\n{rows}")


def test_call_within_five_days_before_the_due_is_ahead_of_it(promises, given, world):
    promises(promise("late", day(10)), promise("kept late", day(20), day(15)))
    touches(given, day(15), day(26))  # five days before the one due, six before the other
    row = overall(world)
    assert (row["late_count"], row["called_count"], row["called_rate"]) == (2, 1, 0.5)
    assert scope(world, "uncalled") == ["kept late"]


def test_call_on_the_due_day_and_an_attempt_are_not_ahead(promises, given, world):
    promises(promise("late", day(10)))
    touches(given, day(40), day(10))
    touches(given, day(12), kind="attempt")
    assert overall(world)["called_count"] == 0


def test_due_within_five_days_and_nobody_spoke(promises, given, world):
    promises(promise("fifth", day(-5)), promise("sixth", day(-6)), promise("spoken", day(-2)))
    touches(given, day(3))  # within five days before the due in two days, not before the due in five
    assert scope(world, "ahead") == ["fifth"]


def test_without_a_log_nobody_can_say_who_called(promises, world):
    promises(promise("late", day(10)), promise("near", day(-1)))
    row = overall(world)
    assert (row["late_count"], row["called_rate"], row["ahead_count"]) == (0, None, 0)


def test_log_of_another_manager_says_nothing_of_this_one(promises, given, world):
    promises(promise("late", day(10)), promise("other", day(10), client="2"))
    touches(given, day(12))
    row = overall(world)
    assert (row["late_count"], row["called_count"]) == (1, 1)


def test_silent_move_is_listed_with_both_dues_on_the_day_of_the_export(promises, world):
    promises(promise("p", "2026-03-10"), captured_on="2026-03-02")
    promises(promise("p", "2026-03-20"), captured_on="2026-03-09")
    (row,) = world.rows("marts.silent_moves", as_of=D)
    assert (row["from_due_on"], row["to_due_on"], row["moved_on"]) == (date(2026, 3, 10), date(2026, 3, 20), date(2026, 3, 9))
    assert (row["moved_days"], row["file"], row["row_number"]) == (10, "promises-4.csv", 2)
    assert world.rows("marts.silent_moves", as_of="2026-03-08") == []
    assert overall(world)["silent_move_count"] == 1
    assert len(world.rows("marts.evidence_promise", as_of=D, promise_id="p")) == 2


def test_owner_whose_interval_covers_the_whole_is_not_told_apart(promises, world):
    good = [promise(f"g{n}", day(5), day(6), owner="Хороший") for n in range(40)]
    bad = [promise(f"b{n}", day(5), day(1), owner="Плохой") for n in range(40)]
    promises(*good, *bad, promise("m1", day(5), day(6), owner="Малый"))
    by = groups(world)
    assert {name: by["owner", name]["standing"] for name in ("Хороший", "Плохой", "Малый")} == {
        "Хороший": "above",
        "Плохой": "below",
        "Малый": "same",
    }


def test_filter_leaves_out_promises_to_clients_nobody_knows(promises, world):
    promises(promise("known", day(1)), promise("stranger", day(1), client="Незнакомец"))
    assert overall(world)["overdue_count"] == 2
    assert overall(world, manager="Иванов")["overdue_count"] == 1


def test_keep_rate_by_month_is_of_the_original_due(promises, world):
    promises(
        promise("on the last day", "2026-02-28", "2026-02-28"),
        promise("late", "2026-02-28", "2026-03-01"),
        promise("first", "2026-03-01", "2026-03-01"),
        promise("undated"),
    )
    by = groups(world)
    months = {name: (row["kept_count"], row["due_count"]) for (dimension, name), row in by.items() if dimension == "month"}
    assert months == {"2026-02": (1, 2), "2026-03": (1, 1), "": (0, 0)}
    assert scope(world, "due", dimension="month", group_name="2026-02") == ["late", "on the last day"]


def test_the_story_of_a_promise_tells_who_moved_it_from_when_to_when_and_how(promises, world):
    moved = "moved_on | new_due_on | explanation | apology | told_by"
    world.given("promises", f"{HEAD}\n{promise('p', '2026-03-10')}", captured_on="2026-03-02")
    world.given("promises", f"{HEAD}\n{promise('p', '2026-03-12', owner='П')}", captured_on="2026-03-09")
    told = f"{promise('p', '2026-03-20')} | 2026-03-13 | 2026-03-20 | carrier late | | phone"
    world.given("promises", f"{HEAD} | {moved}\n{told}", captured_on="2026-03-16")
    story = world.rows("marts.evidence_promise", as_of=D, promise_id="p")
    assert [(row["row_kind"], row["day_on"].day, row["move"], row["owner"]) for row in story] == [
        ("export", 2, None, "И"),
        ("export", 9, "silent", "П"),
        ("record", 13, "recorded", None),
        ("export", 16, "shown", "И"),
    ]
    assert [(row["from_due_on"], row["due_on"]) for row in story[1:3]] == [
        (date(2026, 3, 10), date(2026, 3, 12)),
        (date(2026, 3, 12), date(2026, 3, 20)),
    ]
    record = story[2]
    said = ("is_told_in_time", "has_explanation", "has_apology", "has_new_date", "postponement_score", "told_by")
    assert [record[name] for name in said] == [False, True, False, True, 2, "phone"]

"""The week's list, pre-order touches, the log by kind, unrecognised wordings, reasons (METHOD 2.1, 2.4, 2.5)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

D = date(2026, 4, 1)
MONTHLY = ("2026-01-01", "2026-01-31", "2026-03-02", "2026-04-01")  # T = 30, window of 6 days


def day(before: int) -> date:
    return D - timedelta(before)


@pytest.fixture
def monthly(given):
    given("clients", "client_id | client_name | manager | client_since\n1 | Альфа | Иванов | 2025-01-01")
    given("orders", "client | date | amount\n" + "\n".join(f"1 | {on} | 100" for on in MONTHLY))


def log(given, *rows: str) -> None:
    given("touches", "\n".join(["client | held_on | kind | type | subject | manager | reason", *rows]))


def due(world, as_of: date = D) -> list[dict]:
    return world.rows("marts.touch_due", as_of=as_of)


def test_next_touch_within_seven_days_is_on_the_list_and_later_is_not(given, world, monthly):
    # Norm 4 + 1 + 2 in 30 days: a touch every 4 days. Last contact today: due on 5 April, the list reaches 8 April.
    log(given, f"1 | {D} | mandatory | звонок | х | Иванов | ")
    assert [(row["why"], row["next_touch_on"], row["kind"]) for row in due(world)] == [("norm", date(2026, 4, 5), "mandatory")]
    world.given("clients", "client_id | client_name | manager | mandatory_touches\n1 | Альфа | Иванов | 1", "2026-02-01")
    # Norm 2 + 1 + 2: every 6 days, due on 7 April.
    assert [row["next_touch_on"] for row in due(world)] == [date(2026, 4, 7)]


def test_client_due_in_eight_days_waits_for_the_next_list(given, world):
    given("clients", "client_id | client_name | manager | client_since\n1 | Альфа | Иванов | 2025-01-01")
    given("orders", f"client | date | amount\n1 | {day(29)} | 100")
    log(given, f"1 | {D} | mandatory | звонок | х | Иванов | ")
    rows = world.rows("marts.touch_clients", as_of=D)
    assert [row["next_touch_on"] for row in rows] == [date(2026, 4, 7)]
    assert due(world) != []
    assert world.workspace.fetch("marts.touch_due", as_of=D, norms={"feed_days": "5"}).num_rows == 0


def test_open_window_asks_for_the_touch_about_the_next_order(given, world, monthly):
    log(given, "1 | 2026-04-10 | mandatory | звонок | х | Иванов | ")
    before, inside = date(2026, 4, 17), date(2026, 4, 18)  # the window opens on 25 April
    assert [row["why"] for row in due(world, before)] == ["norm"]
    (row,) = due(world, inside)
    assert (row["why"], row["kind"], row["window_opens_on"]) == ("window", "need", date(2026, 4, 25))


def test_contact_in_the_window_closes_it(given, world, monthly):
    log(given, "1 | 2026-04-25 | need | звонок | х | Иванов | ")
    assert [row["why"] for row in due(world, date(2026, 4, 29))] == ["norm"]


def test_client_whose_manager_logs_nothing_is_there_for_its_window_only(world, monthly):
    assert due(world) == []
    assert [row["why"] for row in due(world, date(2026, 4, 20))] == ["window"]


def test_never_contacted_is_due_now(given, world, monthly):
    given("clients", "client_id | client_name | manager\n2 | Бета | Иванов", "2026-01-01")
    log(given, "2 | 2026-03-30 | internal | звонок | х | Иванов | ")
    assert [(row["why"], row["next_touch_on"]) for row in due(world)] == [("never", D)]


def preorder(world) -> list:
    rows = world.rows("marts.evidence_preorders", as_of=D, client_id="1")
    return [(row["ordered_on"].isoformat(), row["touched_on"] is not None) for row in rows]


def test_personal_touch_in_the_window_before_the_order_counts_from_its_first_day_to_its_last(given, world, monthly):
    log(
        given,
        "1 | 2025-12-01 | need | звонок | х | Иванов | ",
        "1 | 2026-01-25 | need | звонок | х | Иванов | ",  # first day of [25, 31) January
        "1 | 2026-03-01 | need | звонок | х | Иванов | ",  # last day of [24 February, 2 March)
        "1 | 2026-04-01 | need | звонок | х | Иванов | ",  # the day of the order is not before it
    )
    assert preorder(world) == [("2026-04-01", False), ("2026-03-02", True), ("2026-01-31", True)]


def test_letter_attempt_and_the_day_before_the_window_are_no_preorder_touch(given, world, monthly):
    log(
        given,
        "1 | 2025-12-01 | need | звонок | х | Иванов | ",
        "1 | 2026-01-24 | need | звонок | х | Иванов | ",
        "1 | 2026-02-26 | need | письмо | х | Иванов | ",
        "1 | 2026-03-28 | attempt | звонок | х | Иванов | ",
    )
    assert [hit for _, hit in preorder(world)] == [False, False, False]


def test_interval_before_anybody_logged_is_not_counted(given, world, monthly):
    log(given, "1 | 2026-02-10 | need | звонок | х | Иванов | ")
    assert preorder(world) == [("2026-04-01", False), ("2026-03-02", False)]


def test_six_last_intervals_are_counted(given, world):
    given("clients", "client_id | client_name | manager\n1 | Альфа | Иванов")
    given("orders", "client | date | amount\n" + "\n".join(f"1 | {day(30 * n)} | 100" for n in range(9)))
    log(given, f"1 | {day(400)} | need | звонок | х | Иванов | ")
    assert len(preorder(world)) == 6


def test_log_counts_twelve_months_and_keeps_problems_and_attempts_apart(given, world, monthly):
    log(
        given,
        "1 | 2025-04-01 | need | звонок | х | Иванов | ",  # a year ago to the day: out
        "1 | 2025-04-02 | need | звонок | х | Иванов | ",
        "1 | 2026-03-01 | problem | звонок | х | Иванов | ",
        "1 | 2026-03-01 | attempt | звонок | х | Иванов | ",
        "1 | 2026-04-02 | need | звонок | х | Иванов | ",  # tomorrow
    )
    rows = {row["kind"]: row for row in world.rows("marts.touch_kind_counts", as_of=D)}
    assert {kind: row["touch_count"] for kind, row in rows.items()} == {"need": 1, "problem": 1, "attempt": 1}
    assert {kind for kind, row in rows.items() if row["is_contact"]} == {"need"}
    since = rows["need"]["since_on"]
    assert world.fetch("marts.evidence_touches", as_of=D, kind="need", since=since).num_rows == 1


def test_unrecognised_wordings_are_folded_together_and_each_opens_its_rows(given, world, monthly):
    log(
        given,
        "1 | 2026-03-01 |  | звонок | Бла-бла | Иванов | ",
        "1 | 2026-03-02 |  | звонок | бла бла! | Иванов | ",
        "1 | 2026-03-03 |  | письмо | Бла-бла | Иванов | ",
        "1 | 2026-04-02 |  | звонок | Бла-бла | Иванов | ",
    )
    rows = world.rows("marts.unrecognised_touches", as_of=D)
    assert [(row["type"], row["wording"], row["touch_count"]) for row in rows] == [
        ("звонок", "бла бла", 2),
        ("письмо", "бла бла", 1),
    ]
    for row in rows:
        asked = {name: row[name] for name in ("channel", "type", "wording")}
        assert world.fetch("marts.evidence_touches", as_of=D, kind="unrecognised", **asked).num_rows == row["touch_count"]


def test_order_on_the_last_day_of_the_cycle_follows_a_touch_and_the_day_after_does_not(given, world, monthly):
    log(
        given,
        "1 | 2026-01-01 | standard | звонок | х | Иванов | r3",  # order on 31 January: day 30 of 30
        "1 | 2025-12-01 | standard | звонок | х | Иванов | r3",  # order on 1 January: day 31
        "1 | 2026-03-02 | standard | звонок | х | Иванов | r5",  # its cycle ends today, with an order
        "1 | 2026-03-03 | standard | звонок | х | Иванов | r5",  # its cycle ends tomorrow: not judged yet
    )
    rows = {row["reason"]: row for row in world.rows("marts.touch_reasons", as_of=D)}
    assert [rows["r3"][name] for name in ("touch_count", "judged_count", "ordered_count")] == [2, 2, 1]
    assert [rows["r5"][name] for name in ("touch_count", "judged_count", "ordered_count")] == [2, 1, 1]
    assert rows["r1"]["touch_count"] == 0
    assert len(rows) == 22


def test_effect_is_shown_from_thirty_judged_touches(given, world, monthly):
    some = [f"1 | 2026-01-{1 + number % 28:02d} | standard | звонок | х{number} | Иванов | r3" for number in range(30)]
    log(given, *some[:29])
    row = next(row for row in world.rows("marts.touch_reasons", as_of=D) if row["reason"] == "r3")
    assert (row["judged_count"], row["is_enough"], row["effect_rate"]) == (29, False, None)
    world.given("touches", f"client | held_on | kind | type | subject | manager | reason\n{some[29]}")
    row = next(row for row in world.rows("marts.touch_reasons", as_of=D) if row["reason"] == "r3")
    assert (row["judged_count"], row["is_enough"], row["effect_rate"]) == (30, True, 1.0)
    assert (round(row["low_rate"], 4), row["high_rate"]) == (0.8865, 1.0)

"""The marts of the life cycle screen: sums, the sentence's counts, goals, revenue by month, moves, the backtest (METHOD 4)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

D = date(2026, 4, 1)
MONTHLY = {"project_cycle_days": "30"}


def every(client: str, days: int, count: int, last: date, amount: int = 100) -> list[str]:
    """Order rows of a client, `count` of them `days` apart, the last on `last`."""
    return [f"{client} | {last - timedelta(days * number)} | {amount}" for number in range(count)]


@pytest.fixture
def mixed(given):
    """Clients of several statuses, two managers."""
    rows = [
        "client | date | amount",
        *every("loyal", 30, 20, date(2026, 3, 20)),
        *every("quiet", 30, 8, date(2026, 2, 10)),
        *every("asleep", 30, 8, date(2025, 12, 20)),
        *every("gone", 30, 8, date(2025, 6, 1)),
        *every("new", 30, 1, date(2026, 3, 25)),
    ]
    given("orders", "\n".join(rows))
    given("clients", "client_id | manager\nloyal | Anna\nquiet | Anna\nasleep | Boris\ngone | Boris\nnew | Boris\nhope | Boris")


@pytest.mark.parametrize("manager", [None, "Anna", "Nobody"])
def test_statuses_stages_and_headline_add_up_to_the_list(mixed, world, manager):
    rows = world.rows("marts.lifecycle_clients", as_of=D, manager=manager)
    for mart, column in (("marts.lifecycle_statuses", "status"), ("marts.lifecycle_funnel", "clm_stage")):
        for group in world.rows(mart, as_of=D, manager=manager):
            inside = [row for row in rows if row[column] == group[column]]
            assert group["client_count"] == len(inside)
            assert group["revenue"] == sum(row["revenue"] for row in inside)
    (summary,) = world.rows("marts.lifecycle_summary", as_of=D, manager=manager)
    assert summary["client_count"] == len(rows)
    assert summary["drowsing_count"] == sum(row["status"] == "drowsing" for row in rows)
    assert summary["revenue_at_risk"] == sum(row["revenue"] for row in rows if row["status"] == "drowsing")


def test_list_begins_with_those_a_call_can_keep(mixed, world):
    rows = world.rows("marts.lifecycle_clients", as_of=D)
    assert [(row["client_id"], row["status"]) for row in rows] == [
        ("quiet", "drowsing"), ("asleep", "asleep"), ("new", "new"), ("loyal", "loyal"), ("gone", "lost"), ("hope", "prospect"),
    ]  # fmt: skip


def test_list_narrows_to_a_status_or_a_stage(mixed, world):
    assert [row["client_id"] for row in world.rows("marts.lifecycle_clients", as_of=D, status="asleep")] == ["asleep"]
    stage = world.rows("marts.lifecycle_clients", as_of=D, clm_stage="win_back")
    assert [row["client_id"] for row in stage] == ["asleep", "gone"]


# The sentence


def test_as_long_counts_the_intervals_of_the_type_at_least_as_long_as_the_silence(given, world):
    # Four intervals of 10 and one of 20: ratios 1 1 1 1 2 of the median 10; the pool of the type is these five.
    days = [date(2026, 1, 1), date(2026, 1, 11), date(2026, 1, 21), date(2026, 1, 31), date(2026, 2, 10), date(2026, 3, 2)]
    given("orders", "\n".join(["client | date | amount", *(f"a | {day} | 100" for day in days)]))
    for silent, longer in ((10, 5), (11, 1), (20, 1), (21, 0)):
        row = world.row("marts.stage_reasons", "a", as_of=date(2026, 3, 2) + timedelta(silent))
        assert (row["days_since_order"], row["cycle_days"]) == (silent, 10)
        assert (row["longer_count"], row["pool_count"]) == (longer, 5)


def test_nothing_to_compare_with_is_unknown_not_none(given, world):
    given("orders", "client | date | amount\na | 2026-03-01 | 100")
    given("clients", "client_id\nb")
    assert world.row("marts.stage_reasons", "a", as_of=D)["longer_count"] is None
    (row,) = world.rows("marts.stage_reasons", as_of=D, client_id="b")
    assert (row["longer_count"], row["days_since_order"]) == (None, None)


# Goals


@pytest.fixture
def goal(given, world):
    """The goal of one client that ordered so many days before D at a cycle of 30; touches as (days before D, kind)."""

    def asked(days_before: list[int], touches: tuple[tuple[int, str], ...] = (), amounts: str = "100") -> str:
        given("clients", "client_id | sales_type | manager | mandatory_touches\na | project | Anna | 1")
        rows = [f"a | {D - timedelta(days)} | {amounts}" for days in days_before]
        given("orders", "\n".join(["client | date | amount", *rows]))
        logged = [f"a | {D - timedelta(days)} | call | {kind} | Anna" for days, kind in touches]
        given("touches", "\n".join(["client | held_on | channel | kind | manager", *logged, f"z | {D} | call | internal | Anna"]))
        return world.row("marts.lifecycle_clients", "a", as_of=D, norms=MONTHLY)["goal_state"]

    return asked


def test_prospect_is_open_until_the_first_order(mixed, world):
    assert world.row("marts.lifecycle_clients", "hope", as_of=D)["goal_state"] == "open"


@pytest.mark.parametrize(("interval", "state"), [(45, "met"), (46, "missed")])
def test_new_client_meets_it_with_a_second_order_within_one_and_a_half_cycles(goal, interval, state):
    assert goal([5, 5 + interval], touches=((2, "mandatory"), (3, "mandatory"))) == state


def test_new_client_without_its_mandatory_touches_is_open(goal):
    assert goal([5, 35], touches=((2, "need"),)) == "open"


# At a cycle of 30 and a ratio of 1.5, day 46 is the first of drowsing: 50 days of silence began it on 28 March 2026, a
# Saturday. Two working days later is Tuesday the 31st, the day before D.
@pytest.mark.parametrize(("days", "state"), [(1, "met"), (0, "missed"), (4, "met"), (5, "missed")])
def test_drowsing_client_is_called_within_two_working_days(goal, days, state):
    assert goal([50, 80, 110], touches=((days, "standard"),)) == state


def test_drowsing_client_is_open_while_the_two_days_run(goal):
    assert goal([46, 76, 106]) == "open"


@pytest.mark.parametrize(("days", "state"), [(89, "met"), (91, "missed")])
def test_lost_client_has_one_try_a_quarter(goal, days, state):
    # Three months before 1 April 2026 is 1 January, 90 days.
    assert goal([300, 330, 360], touches=((days, "attempt"),)) == state


def test_goal_is_unknown_where_the_manager_logs_nothing(given, world):
    given("clients", "client_id | sales_type | manager\na | project | Anna")
    given("orders", "\n".join(["client | date | amount", *(f"a | {D - timedelta(n)} | 100" for n in (50, 80, 110))]))
    assert world.row("marts.lifecycle_clients", "a", as_of=D, norms=MONTHLY)["goal_state"] == "unknown"


def test_status_of_which_nothing_is_known_counts_no_goals(mixed, world):
    counted = {row["status"]: row["goal_known_count"] for row in world.rows("marts.lifecycle_statuses", as_of=D)}
    assert (counted["asleep"], counted["prospect"]) == (None, 1)


# Months, moves, backtest


def test_months_end_at_the_date_and_hold_the_revenue_of_each(given, world):
    given(
        "orders",
        """
        client | date       | amount
        a      | 2025-04-30 | 1
        a      | 2025-05-01 | 10
        a      | 2026-03-31 | 20
        a      | 2026-04-01 | 40
        a      | 2026-04-02 | 80
        """,
    )
    rows = world.rows("marts.revenue_by_status", as_of=D)
    months = {row["month_ends_on"]: row["revenue"] for row in rows}
    assert len(months) == 12
    assert (min(months), max(months)) == (date(2025, 5, 31), D)
    assert (months[date(2025, 5, 31)], months[date(2026, 3, 31)], months[D]) == (10, 20, 40)


def test_bar_of_a_month_opens_its_order_lines(mixed, world):
    for row in world.rows("marts.revenue_by_status", as_of=D):
        chosen = {"month_ends_on": row["month_ends_on"], "status": row["status"]}
        lines = world.rows("marts.evidence_months", as_of=D, **chosen)
        assert sum(line["amount"] for line in lines) == row["revenue"]


def test_moves_between_statuses_say_which_way(mixed, world):
    rows = world.rows("marts.status_migration", as_of=D, before_on=date(2025, 10, 1))
    cells = {(row["status_before"], row["status"]): row["direction"] for row in rows}
    assert cells[("loyal", "loyal")] == "same"
    assert cells[("asleep", "lost")] == "down"
    assert cells[("prospect", "new")] == "up"
    assert sum(row["client_count"] for row in rows) == 6
    (row,) = world.rows("marts.status_moves", as_of=D, before_on=date(2025, 10, 1), moved_from="prospect", moved_to="new")
    assert row["client_id"] == "new"


@pytest.fixture
def tested(given):
    """On 1 October 2025: `caught` drowses and never orders again, `false` drowses and orders, `missed` buys and never again."""
    rows = [
        "client | date | amount",
        *every("caught", 30, 8, date(2025, 8, 10)),
        *every("false", 30, 8, date(2025, 8, 10)),
        f"false | {D} | 100",
        *every("missed", 30, 8, date(2025, 9, 28)),
        *every("buyer", 30, 14, date(2026, 3, 28)),
    ]
    given("orders", "\n".join(rows))


def test_backtest_counts_what_the_rule_would_have_caught(tested, world):
    (row,) = world.rows("marts.stage_backtest", as_of=D, before_on=date(2025, 10, 1))
    assert (row["judged_count"], row["alarm_count"], row["lost_count"]) == (4, 2, 2)
    assert (row["caught_count"], row["missed_count"], row["false_alarm_count"]) == (1, 1, 1)
    assert (row["caught_share"], row["false_alarm_share"]) == (0.5, 0.5)


@pytest.mark.parametrize("outcome", ["caught", "missed", "false_alarm"])
def test_backtest_opens_its_clients(tested, world, outcome):
    rows = world.rows("marts.backtest_clients", as_of=D, before_on=date(2025, 10, 1), outcome=outcome)
    assert [row["client_id"] for row in rows] == [outcome.removesuffix("_alarm")]


def test_order_lines_behind_a_figure_add_up_to_it(mixed, world):
    (summary,) = world.rows("marts.lifecycle_summary", as_of=D)
    lines = world.rows("marts.evidence_orders", as_of=D, months=12)
    assert sum(line["amount"] for line in lines) == summary["revenue"]
    assert {line["file"] for line in lines} == {"orders-1.csv"}
    for group in world.rows("marts.lifecycle_statuses", as_of=D):
        lines = world.rows("marts.evidence_orders", as_of=D, months=12, status=group["status"])
        assert sum(line["amount"] for line in lines) == group["revenue"]


def test_interval_stands_once_on_a_day_of_two_lines(given, world):
    given("orders", "client | date | amount\na | 2026-03-01 | 1\na | 2026-03-11 | 1\na | 2026-03-11 | 2")
    lines = world.rows("marts.evidence_orders", as_of=D, client_id="a")
    assert [(line["row_number"], line["gap_days"]) for line in lines] == [(3, 10), (4, None), (2, None)]

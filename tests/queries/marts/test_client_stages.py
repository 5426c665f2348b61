"""Where each client stands in its life cycle, on both sides of each border (METHOD 4).

Most clients here are of project sales with the cycle set to 30 days, so that one client's orders do not move the cycle.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

D = date(2026, 4, 1)
MONTHLY = {"project_cycle_days": "30"}


@pytest.fixture
def stage(given, world):
    """The stage at D of one client that ordered so many days before D; its cycle is 30 days."""

    def asked(days_before: list[int], amount: str = "100", **columns: str) -> dict:
        sheet = {"client_id": "a", "sales_type": "project", **columns}
        given("clients", " | ".join(sheet) + "\n" + " | ".join(sheet.values()))
        if days_before:
            rows = [f"a | {D - timedelta(days)} | {amount}" for days in days_before]
            given("orders", "\n".join(["client | date | amount", *rows]))
        return world.row("marts.client_stages", "a", as_of=D, norms=MONTHLY)

    return asked


def test_no_orders_make_a_prospect(stage):
    row = stage([], marked_lost="yes")
    assert (row["status"], row["order_count"], row["days_since_order"], row["cycle_ratio"]) == ("prospect", 0, None, None)
    assert (row["risk_ratio"], row["sleep_ratio"], row["clm_stage"]) == (1.5, 2, "reach")


def test_a_day_of_returns_only_leaves_a_prospect(stage):
    assert stage([3], amount="-100")["status"] == "prospect"


@pytest.mark.parametrize(
    ("kind", "clm_stage"), [("problem", "acquisition"), ("need", "acquisition"), ("attempt", "reach"), ("internal", "reach")]
)
def test_a_prospect_is_reached_until_it_is_spoken_to(given, world, kind, clm_stage):
    given("touches", f"client | held_on | kind\na | {D} | {kind}\nb | {D + timedelta(1)} | need")
    given("clients", "client_id\nb")
    stages = {row["client_id"]: row["clm_stage"] for row in world.rows("marts.client_stages", as_of=D)}
    assert stages == {"a": clm_stage, "b": "reach"}


@pytest.mark.parametrize(("days", "status", "clm_stage"), [(45, "new", "conversion"), (46, "one_time", "conversion")])
def test_one_order_is_one_time_after_one_and_a_half_cycles(stage, days, status, clm_stage):
    row = stage([days])
    assert (row["status"], row["clm_stage"], row["cycle_ratio"]) == (status, clm_stage, pytest.approx(days / 30))


@pytest.mark.parametrize(("days", "status"), [(90, "new"), (91, "regular")])
def test_two_orders_are_new_for_ninety_days(stage, days, status):
    assert stage([days, 40])["status"] == status


@pytest.mark.parametrize(("days", "status"), [(120, "new"), (121, "regular")])
def test_or_for_two_cycles_where_that_is_longer(given, world, days, status):
    given("clients", "client_id | sales_type\na | project")
    given("orders", f"client | date | amount\na | {D - timedelta(days)} | 1\na | {D - timedelta(20)} | 1")
    assert world.row("marts.client_stages", "a", as_of=D, norms={"project_cycle_days": "60"})["status"] == status


@pytest.mark.parametrize(
    ("days", "status", "clm_stage"),
    [
        (45, "regular", "retention"),  # 1.5 cycles
        (46, "drowsing", "retention"),
        (60, "drowsing", "retention"),  # 2 cycles
        (61, "asleep", "win_back"),
        (180, "asleep", "win_back"),
        (181, "lost", "win_back"),
    ],
)
def test_silence_by_the_default_ratios(stage, days, status, clm_stage):
    row = stage([days, days + 30, days + 60])
    assert (row["status"], row["clm_stage"], row["days_since_order"]) == (status, clm_stage, days)


@pytest.mark.parametrize(("days", "status"), [(400, "asleep"), (401, "lost")])
def test_lost_takes_four_cycles_as_well_as_180_days(given, world, days, status):
    given("clients", "client_id | sales_type\na | project")
    rows = [f"a | {D - timedelta(days + 100 * n)} | 1" for n in range(3)]
    given("orders", "\n".join(["client | date | amount", *rows]))
    assert world.row("marts.client_stages", "a", as_of=D, norms={"project_cycle_days": "100"})["status"] == status


@pytest.mark.parametrize(("days", "status"), [(29, "drowsing"), (30, "asleep")])
def test_nobody_sleeps_before_thirty_days(given, world, days, status):
    given("clients", "client_id | sales_type\na | project")
    rows = [f"a | {D - timedelta(days + 10 * n)} | 1" for n in range(3)]
    given("orders", "\n".join(["client | date | amount", *rows]))
    assert world.row("marts.client_stages", "a", as_of=D, norms={"project_cycle_days": "10"})["status"] == status


def test_marked_lost_is_lost_at_once(stage):
    assert stage([1, 31, 61], marked_lost="yes")["status"] == "lost"


def test_the_first_rule_that_fits_wins_over_the_mark(stage):
    assert stage([46], marked_lost="yes")["status"] == "one_time"


@pytest.mark.parametrize(("gap", "days", "status"), [(60, 30, "returned"), (59, 30, "regular"), (60, 31, "regular")])
def test_returned_after_a_gap_of_two_cycles_and_for_one_cycle(stage, gap, days, status):
    assert stage([days, days + gap, days + gap + 30])["status"] == status


LOYAL = [0, 30, 60, 90, 200, 365]


@pytest.mark.parametrize(
    ("days_before", "status"),
    [
        (LOYAL, "loyal"),  # six orders, the first a year ago to the day
        ([0, 30, 60, 90, 200, 364], "regular"),  # a day short of a year
        ([0, 30, 60, 90, 365], "regular"),  # five orders
        ([0, 45, 90, 135, 200, 365], "loyal"),  # the last three intervals of one and a half cycles
        ([0, 46, 90, 135, 200, 365], "regular"),
        ([0, 45, 90, 136, 200, 365], "regular"),
    ],
)
def test_loyal(stage, days_before, status):
    assert stage(days_before)["status"] == status


@pytest.mark.parametrize(("since", "status"), [("2025-04-01", "loyal"), ("2025-04-02", "regular")])
def test_tenure_counts_from_client_since_where_it_is_known(stage, since, status):
    assert stage([0, 20, 40, 60, 80, 100], client_since=since)["status"] == status


@pytest.mark.parametrize(("last_year", "status"), [("100", "loyal"), ("100.01", "regular")])
def test_loyal_revenue_is_not_down_by_more_than_a_fifth(given, world, last_year, status):
    given("clients", "client_id | sales_type\na | project")
    rows = [f"a | {D - timedelta(days)} | 10" for days in (0, 20, 40, 60, 80, 100, 120, 140)]
    given("orders", "\n".join(["client | date | amount", *rows, f"a | 2025-04-01 | {last_year}"]))
    assert world.row("marts.client_stages", "a", as_of=D, norms=MONTHLY)["status"] == status


def steady(client: str, step: int, count: int, last: date = D) -> list[str]:
    return [f"{client} | {last - timedelta(step * n)} | 100" for n in range(count + 1)]


@pytest.mark.parametrize(("interval_count", "risk_ratio", "status"), [(49, 1.5, "loyal"), (50, 1.3, "drowsing")])
def test_ratios_are_measured_from_fifty_intervals(given, world, interval_count, risk_ratio, status):
    """All intervals are alike: measured they are 1, and the floors 1.3 and 2 hold; 14 days of 10 is 1.4."""
    given("orders", "\n".join(["client | date | amount", *steady("a", 10, interval_count)]))
    row = world.row("marts.client_stages", "a", as_of=D + timedelta(14))
    assert (row["risk_ratio"], row["sleep_ratio"], row["status"]) == (risk_ratio, 2, status)


@pytest.mark.parametrize(("as_of", "risk_ratio"), [("2026-05-01", 1.3), ("2026-05-02", 1.5)])
def test_intervals_count_that_begin_within_24_months(given, world, as_of, risk_ratio):
    """50 intervals of 14 days, the first of which begins on 2024-05-01."""
    given("orders", "\n".join(["client | date | amount", *steady("a", 14, 50)]))
    assert world.row("marts.client_stages", "a", as_of=as_of)["risk_ratio"] == risk_ratio


@pytest.mark.parametrize(("days", "status"), [(34, "drowsing"), (35, "asleep")])
def test_the_measured_ratio_itself_is_not_yet_beyond_it(given, world, days, status):
    """47 intervals of 12 days and three of 52: P95 is 34 days, 2.8333… cycles; a float of it is a hair less."""
    far = [D + timedelta(3 - 52 * n) for n in range(4)]
    rows = [*steady("a", 12, 25), *steady("b", 12, 22, last=far[-1]), *(f"b | {day} | 100" for day in far[:-1])]
    given("orders", "\n".join(["client | date | amount", *rows]))
    row = world.row("marts.client_stages", "a", as_of=D + timedelta(days))
    assert row["sleep_ratio"] == pytest.approx(34 / 12, abs=1e-9)
    assert row["status"] == status


def test_clients_with_few_intervals_do_not_move_the_ratios(given, world):
    """Three intervals, one of them ten times as long, are not among those measured."""
    rows = [*steady("a", 10, 50), *(f"b | {D - timedelta(days)} | 1" for days in (0, 10, 20, 120))]
    given("orders", "\n".join(["client | date | amount", *rows]))
    assert world.row("marts.client_stages", "a", as_of=D)["sleep_ratio"] == 2


def test_the_ratios_have_a_ceiling(given, world):
    """A third of the intervals are nine times as long as the usual one."""
    day, rows = D, []
    for number in range(60):
        rows.append(f"a | {day} | 1")
        day -= timedelta(27 if number % 3 == 0 else 3)
    given("orders", "\n".join(["client | date | amount", *rows]))
    row = world.row("marts.client_stages", "a", as_of=D)
    assert (row["risk_ratio"], row["sleep_ratio"]) == (3, 4.5)


def test_tenure_is_unknown_where_the_data_begin_with_the_client(given, world):
    given("clients", "client_id | client_since\nsaid | 2026-01-10\nfirst |\nlater |")
    first, later = date(2026, 1, 1), date(2026, 4, 1)
    rows = [f"first | {first} | 1", f"said | {first} | 1", f"later | {later} | 1", f"later_still | {later + timedelta(1)} | 1"]
    given("orders", "\n".join(["client | date | amount", *rows]))
    flags = {row["client_id"]: row["is_tenure_unknown"] for row in world.rows("marts.client_stages", as_of=later + timedelta(1))}
    assert flags == {"first": True, "said": False, "later": True, "later_still": False}

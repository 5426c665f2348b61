"""Where each client stands in its life cycle, on both sides of each border (METHOD 4).

Most clients here are of project sales with the cycle set, so that the orders of one do not move the cycle of another.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

D = date(2026, 4, 1)


@pytest.fixture
def stages(given, world):
    """Rows at D by case: {case: days before D on which it ordered}. Columns of the clients sheet go for all of them."""

    def asked(cases: dict[object, list[int]], cycle: int = 30, amount: str = "100", **columns: str) -> dict[object, dict]:
        sheet = [" | ".join(["client_id", "sales_type", *columns])]
        sheet += [" | ".join([str(case), "project", *columns.values()]) for case in cases]
        given("clients", "\n".join(sheet))
        rows = [f"{case} | {D - timedelta(day)} | {amount}" for case, days in cases.items() for day in days]
        given("orders", "\n".join(["client_id | date | amount", *rows]))
        found = world.rows("marts.client_stages", as_of=D, norms={"project_cycle_days": str(cycle)})
        by_id = {row["client_id"]: row for row in found}
        return {case: by_id[str(case)] for case in cases}

    return asked


@pytest.fixture
def statuses(stages):
    return lambda cases, **how: {case: row["status"] for case, row in stages(cases, **how).items()}


def test_no_orders_make_a_prospect(stages):
    found = stages({"none": [], "some": [1]}, marked_lost="yes")
    row = found["none"]
    assert (row["status"], row["order_count"], row["days_since_order"], row["cycle_ratio"]) == ("prospect", 0, None, None)
    assert (row["risk_ratio"], row["sleep_ratio"], row["clm_stage"]) == (1.5, 2, "reach")
    assert found["some"]["status"] == "lost"


def test_a_day_of_returns_only_leaves_a_prospect(statuses):
    assert statuses({"returned": [3]}, amount="-100") == {"returned": "prospect"}


def test_a_prospect_is_reached_until_it_is_spoken_to(given, world):
    kinds = ("problem", "need", "attempt", "internal")
    rows = [f"{kind} | {D} | {kind}" for kind in kinds]
    given("touches", "\n".join(["client | held_on | kind", *rows, f"later | {D + timedelta(1)} | need"]))
    given("clients", "client_id\nlater")
    found = {row["client_id"]: row["clm_stage"] for row in world.rows("marts.client_stages", as_of=D)}
    assert found == {
        "problem": "acquisition", "need": "acquisition", "attempt": "reach", "internal": "reach", "later": "reach"
    }  # fmt: skip


def test_one_order_is_one_time_after_one_and_a_half_cycles(stages):
    found = stages({45: [45], 46: [46]})
    assert [(row["status"], row["clm_stage"]) for row in found.values()] == [
        ("new", "conversion"),
        ("one_time", "conversion"),
    ]
    assert found[45]["cycle_ratio"] == 1.5


def test_two_orders_are_new_for_ninety_days(statuses):
    assert statuses({90: [90, 40], 91: [91, 40]}) == {90: "new", 91: "regular"}


def test_or_for_two_cycles_where_that_is_longer(statuses):
    assert statuses({120: [120, 20], 121: [121, 20]}, cycle=60) == {120: "new", 121: "regular"}


def silent_for(days: list[int], step: int) -> dict[int, list[int]]:
    """Three orders a step apart, the last so many days ago."""
    return {day: [day, day + step, day + 2 * step] for day in days}


def test_silence_by_the_default_ratios(stages):
    """1.5 cycles are 45 days, 2 are 60."""
    found = stages(silent_for([45, 46, 60, 61, 180, 181], 30))
    assert {days: (row["status"], row["clm_stage"]) for days, row in found.items()} == {
        45: ("regular", "retention"),
        46: ("drowsing", "retention"),
        60: ("drowsing", "retention"),
        61: ("asleep", "win_back"),
        180: ("asleep", "win_back"),
        181: ("lost", "win_back"),
    }


def test_lost_takes_four_cycles_as_well_as_180_days(statuses):
    assert statuses(silent_for([400, 401], 100), cycle=100) == {400: "asleep", 401: "lost"}


def test_nobody_sleeps_before_thirty_days(statuses):
    assert statuses(silent_for([29, 30], 10), cycle=10) == {29: "drowsing", 30: "asleep"}


def test_marked_lost_is_lost_at_once_unless_an_earlier_rule_fits(statuses):
    assert statuses({"lost": [1, 31, 61], "one_time": [46]}, marked_lost="yes") == {"lost": "lost", "one_time": "one_time"}


def test_returned_after_a_gap_of_two_cycles_and_for_one_cycle(statuses):
    cases = {(gap, days): [days, days + gap, days + gap + 30] for gap, days in ((60, 30), (59, 30), (60, 31))}
    assert list(statuses({str(case): days for case, days in cases.items()}).values()) == ["returned", "regular", "regular"]


def test_loyal(statuses):
    found = statuses(
        {
            "six orders, the first a year ago to the day": [0, 30, 60, 90, 200, 365],
            "a day short of a year": [0, 30, 60, 90, 200, 364],
            "five orders": [0, 30, 60, 90, 365],
            "the last three intervals of one and a half cycles": [0, 45, 90, 135, 200, 365],
            "the last of them longer": [0, 46, 90, 135, 200, 365],
            "the third from the end longer": [0, 45, 90, 136, 200, 365],
        }
    )
    assert list(found.values()) == ["loyal", "regular", "regular", "loyal", "regular", "regular"]


@pytest.mark.parametrize(("since", "status"), [("2025-04-01", "loyal"), ("2025-04-02", "regular")])
def test_tenure_counts_from_client_since_where_it_is_known(statuses, since, status):
    assert statuses({"a": [0, 20, 40, 60, 80, 100]}, client_since=since) == {"a": status}


def test_loyal_revenue_is_not_down_by_more_than_a_fifth(given, world):
    given("clients", "client_id | sales_type\na | project\nb | project")
    days = [D - timedelta(days) for days in (0, 20, 40, 60, 80, 100, 120, 140)]
    rows = [f"{client} | {day} | 10" for client in "ab" for day in days]
    before = ["a | 2025-04-01 | 100", "b | 2025-04-01 | 100.01"]
    given("orders", "\n".join(["client | date | amount", *rows, *before]))
    found = world.rows("marts.client_stages", as_of=D, norms={"project_cycle_days": "30"})
    assert {row["client_id"]: row["status"] for row in found} == {"a": "loyal", "b": "regular"}


def steady(client: str, step: int, count: int, last: date = D) -> list[str]:
    return [f"{client} | {last - timedelta(step * n)} | 100" for n in range(count + 1)]


@pytest.mark.parametrize(("interval_count", "risk_ratio", "status"), [(49, 1.5, "loyal"), (50, 1.3, "drowsing")])
def test_ratios_are_measured_from_fifty_intervals(given, world, interval_count, risk_ratio, status):
    """All intervals are alike: measured they are 1, and the floors 1.3 and 2 hold; 14 days of 10 is 1.4."""
    given("orders", "\n".join(["client | date | amount", *steady("a", 10, interval_count)]))
    row = world.row("marts.client_stages", "a", as_of=D + timedelta(14))
    assert (row["risk_ratio"], row["sleep_ratio"], row["status"]) == (risk_ratio, 2, status)


def test_intervals_count_that_begin_within_24_months(given, world):
    """50 intervals of 14 days, the first of which begins on 2024-05-01."""
    given("orders", "\n".join(["client | date | amount", *steady("a", 14, 50)]))
    assert world.row("marts.client_stages", "a", as_of="2026-05-01")["risk_ratio"] == 1.3
    assert world.row("marts.client_stages", "a", as_of="2026-05-02")["risk_ratio"] == 1.5


def test_the_measured_ratio_itself_is_not_yet_beyond_it(given, world):
    """47 intervals of 12 days and three of 52: P95 is 34 days, 2.8333… cycles; a float of it is a hair less."""
    far = [D + timedelta(3 - 52 * n) for n in range(4)]
    rows = [*steady("a", 12, 25), *steady("b", 12, 22, last=far[-1]), *(f"b | {day} | 100" for day in far[:-1])]
    given("orders", "\n".join(["client | date | amount", *rows]))
    row = world.row("marts.client_stages", "a", as_of=D + timedelta(34))
    assert row["sleep_ratio"] == pytest.approx(34 / 12, abs=1e-9)
    assert row["status"] == "drowsing"
    assert world.row("marts.client_stages", "a", as_of=D + timedelta(35))["status"] == "asleep"


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

"""Order cycle of each client, on both sides of each border (METHOD 1 and 2.4)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

D = date(2026, 4, 1)


def orders(client: str, *days_before: int, amount: str = "100", day: date = D) -> str:
    """Order rows of a client, each so many days before `day`."""
    rows = [f"{client} | {day - timedelta(days)} | {amount}" for days in days_before]
    return "\n".join(["client | date | amount", *rows])


def test_reference_case(given, world):
    given("orders", orders("a", 90, 60, 30, 0))
    row = world.row("marts.client_cycles", "a", as_of=D)
    assert (row["interval_count"], row["median_interval_days"], row["cycle_days"]) == (3, 30, 30)
    assert (row["cycle_basis"], row["order_count"]) == ("mixed", 4)
    assert (row["expected_order_on"], row["window_opens_on"]) == (date(2026, 5, 1), date(2026, 4, 25))


def test_client_without_orders_has_the_cycle_of_its_peers(given, world):
    given("clients", "client_id\nquiet")
    given("orders", orders("a", 20, 0))
    row = world.row("marts.client_cycles", "quiet", as_of=D)
    assert (row["order_count"], row["interval_count"], row["cycle_basis"], row["cycle_days"]) == (0, 0, "peer", 20)
    unknown = ("median_interval_days", "first_order_on", "last_order_on", "expected_order_on", "window_opens_on")
    assert {row[name] for name in unknown} == {None}


def test_without_any_peer_the_cycle_is_the_default_of_the_type(given, world):
    given("clients", "client_id | sales_type\nshop | transactional\nplant | project")
    assert world.row("marts.client_cycles", "shop", as_of=D)["cycle_days"] == 30
    assert world.row("marts.client_cycles", "plant", as_of=D)["cycle_days"] == 365


@pytest.mark.parametrize(("interval_count", "basis"), [(0, "peer"), (1, "mixed"), (3, "mixed"), (4, "own")])
def test_basis_is_own_from_four_intervals(given, world, interval_count, basis):
    given("orders", orders("a", *range(0, 10 * (interval_count + 1), 10)))
    assert world.row("marts.client_cycles", "a", as_of=D)["cycle_basis"] == basis


@pytest.mark.parametrize(
    ("days_before", "sales_type"),
    [
        ((0, 60, 121), "transactional"),  # median 60.5 days
        ((0, 61, 122), "project"),  # median 61 days, over two months
        ((0, 61), "transactional"),  # one interval says too little
    ],
)
def test_over_two_months_between_orders_is_project_sales(given, world, days_before, sales_type):
    given("orders", orders("a", *days_before))
    assert world.row("marts.client_cycles", "a", as_of=D)["sales_type"] == sales_type


@pytest.mark.parametrize(("first", "interval_count"), [("2024-04-01", 1), ("2024-03-31", 0)])
def test_intervals_begin_within_24_months(given, world, first, interval_count):
    given("orders", f"client | date | amount\na | {first} | 100\na | 2024-05-01 | 100")
    row = world.row("marts.client_cycles", "a", as_of=D)
    assert (row["interval_count"], row["order_count"]) == (interval_count, 2)


def test_an_occasion_is_a_day_that_sums_above_zero(given, world):
    given(
        "orders",
        """
        client | date       | amount
        a      | 2026-03-01 | 100
        a      | 2026-03-01 | 50
        a      | 2026-03-05 | -20
        a      | 2026-03-10 | 70
        a      | 2026-03-10 | -70
        a      | 2026-03-20 | 70
        a      | 2026-03-20 | -69.99
        a      | 2026-03-25 | 0
        a      | 2026-04-02 | 100
        """,
    )
    row = world.row("marts.client_cycles", "a", as_of=D)
    assert (row["order_count"], row["median_interval_days"], row["last_order_on"]) == (2, 19, date(2026, 3, 20))
    assert world.row("marts.client_cycles", "a", as_of="2026-04-02")["order_count"] == 3


def test_only_what_was_known_at_the_date_is_listed(given, world):
    given("clients", "client_id | client_since\nold | 2026-04-01\nyoung | 2026-04-02\nany |")
    given("orders", orders("bought", 0))
    given("touches", "client | held_on\nspoken | 2026-04-01\nlater | 2026-04-02")
    known = [row["client_id"] for row in world.rows("marts.client_cycles", as_of=D)]
    assert sorted(known) == ["any", "bought", "old", "spoken"]


def test_half_a_day_of_the_cycle_is_rounded_up(given, world):
    given("clients", "client_id | sales_type\na | project")
    given("orders", orders("a", 0, 12, 25))  # median 12.5
    row = world.row("marts.client_cycles", "a", as_of=D)
    assert (row["cycle_days"], row["expected_order_on"]) == (12.5, D + timedelta(13))


@pytest.mark.parametrize(("interval", "length"), [(19, 3), (20, 4), (14, 3), (15, 3), (30, 6)])
def test_pre_order_window_is_a_fifth_of_the_cycle_and_three_days_at_least(given, world, interval, length):
    given("orders", orders("a", 0, interval))
    row = world.row("marts.client_cycles", "a", as_of=D)
    assert (row["expected_order_on"] - row["window_opens_on"]).days == length

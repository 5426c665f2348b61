"""The marts of the ABCD screen: what they add up to, how evenly clients buy, who moved between classes (METHOD 3)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

D = date(2026, 4, 1)
MONTHS = [date(2025, 4 + n, 15) if n < 9 else date(2026, n - 8, 15) for n in range(12)]


@pytest.fixture
def base(given):
    """The reference case of METHOD 9 by potential, with a manager for each client."""
    given(
        "clients",
        """
        client_id | client_name | potential | manager
        a         | Alpha       | 100       | Anna
        b         | Beta        | 100       | Anna
        c         | Gamma       | 50        | Boris
        d         | Delta       | 30        | Boris
        e         | Epsilon     | 20        |
        """,
    )
    given(
        "orders",
        """
        client | date       | amount
        a      | 2026-03-01 | 80
        b      | 2026-03-01 | 20
        c      | 2026-03-01 | 40
        d      | 2026-03-01 | 3
        e      | 2026-03-01 | 15
        """,
    )


def test_list_begins_with_the_widest_gap(base, world):
    rows = world.rows("marts.abcd_clients", as_of=D)
    assert [(row["client_id"], row["class"], row["gap"]) for row in rows] == [
        ("b", "B", Decimal("50")), ("d", "D", Decimal("18")), ("a", "A+", 0), ("c", "A", 0), ("e", "C", 0),
    ]  # fmt: skip
    assert [row["revenue_rank"] for row in rows] == [3, 5, 1, 2, 4]
    assert {(row["file"], row["row_number"]) for row in rows} == {("clients-1.csv", number) for number in range(2, 7)}


@pytest.mark.parametrize("manager", [None, "Anna", "Nobody"])
def test_classes_and_headline_add_up_to_the_list(base, world, manager):
    rows = world.rows("marts.abcd_clients", as_of=D, manager=manager)
    classes = world.rows("marts.abcd_classes", as_of=D, manager=manager)
    (summary,) = world.rows("marts.abcd_summary", as_of=D, manager=manager)
    assert [row["class"] for row in classes] == ["A+", "A", "B", "C", "D"]
    for row in classes:
        of_class = [client for client in rows if client["class"] == row["class"]]
        assert row["client_count"] == len(of_class)
        assert row["revenue"] == sum(client["revenue"] for client in of_class)
        assert (row["gap"] or 0) == sum(client["gap"] for client in of_class)
    assert summary["client_count"] == len(rows)
    assert summary["revenue"] == sum(row["revenue"] for row in rows)
    assert (summary["gap"] or 0) == sum(row["gap"] for row in rows)


def test_headline_says_what_the_classes_rest_on_whoever_is_chosen(base, world):
    for manager in (None, "Anna"):
        (row,) = world.rows("marts.abcd_summary", as_of=D, manager=manager)
        assert (row["basis"], row["basis_choice"], row["known_share"]) == ("potential", "auto", 1.0)
        assert (row["given_count"], row["all_client_count"], row["potential_line"]) == (5, 5, 50)


def test_headline_says_that_a_norm_forced_the_basis(base, world):
    (row,) = world.rows("marts.abcd_summary", as_of=D, norms={"abcd_basis": "turnover"})
    assert (row["basis"], row["basis_choice"]) == ("turnover", "forced")


def test_best_classes_and_b_in_the_headline(base, world):
    (row,) = world.rows("marts.abcd_summary", as_of=D)
    assert (row["top_client_count"], row["top_client_share"]) == (2, 0.4)
    assert row["top_revenue_share"] == 120 / 158
    assert (row["b_client_count"], row["gap_of_b"], row["gap"]) == (1, 50, 68)


def test_no_revenue_has_no_shares_rather_than_zero_ones(given, world):
    given("clients", "client_id\na")
    (row,) = world.rows("marts.abcd_summary", as_of=D)
    assert (row["client_count"], row["revenue"], row["top_revenue_share"], row["known_share"]) == (1, 0, None, None)


@pytest.mark.parametrize(
    ("low", "high", "letter"), [(75, 125, "X"), (74, 126, "Y"), (50, 150, "Y"), (49, 151, "Z"), (100, 100, "X")]
)
def test_xyz_by_variation_of_twelve_months(given, world, low, high, letter):
    lines = [f"a | {day} | {low if number % 2 else high}" for number, day in enumerate(MONTHS)]
    given("orders", "\n".join(["client | date | amount", *lines]))
    assert world.row("marts.abcd_clients", "a", as_of=D)["xyz"] == letter


def test_client_without_revenue_has_no_xyz(given, world):
    given("clients", "client_id\na")
    row = world.row("marts.abcd_clients", "a", as_of=D)
    assert (row["xyz"], row["variation"]) == (None, None)


@pytest.fixture
def moved(given):
    """On turnover: `up` overtakes `down`, `still` stays first, `late` orders for the first time this year."""
    given(
        "orders",
        """
        client | date       | amount
        still  | 2025-03-01 | 100
        still  | 2026-03-01 | 100
        down   | 2025-03-01 | 50
        down   | 2026-03-01 | 1
        up     | 2025-03-01 | 1
        up     | 2026-03-01 | 50
        late   | 2026-03-01 | 2
        """,
    )


def test_migration_counts_each_client_once_and_says_which_way(moved, world):
    rows = world.rows("marts.class_migration", as_of=D, before_on=date(2025, 4, 1))
    cells = {(row["class_before"], row["class"]): (row["client_count"], row["direction"]) for row in rows}
    # Before a client then: 0, 100, 150 of 151; now 0, 100, 150, 152 of 153.
    assert cells == {("A+", "A+"): (1, "same"), ("A", "D"): (1, "down"), ("D", "A"): (1, "up"), ("absent", "C"): (1, "same")}


def test_cell_opens_the_clients_that_moved_so(moved, world):
    before = {"as_of": D, "before_on": date(2025, 4, 1)}
    assert [row["client_id"] for row in world.rows("marts.class_moves", **before)] == ["down", "up", "late"]
    (row,) = world.rows("marts.class_moves", **before, moved_from="D", moved_to="A")
    assert (row["client_id"], row["revenue_before"], row["revenue"], row["revenue_change"]) == ("up", 1, 50, 49)
    (row,) = world.rows("marts.class_moves", **before, moved_from="A+", moved_to="A+")
    assert row["client_id"] == "still"

"""ABCD of each client, on both sides of each border (METHOD 3)."""

from __future__ import annotations

from datetime import date

import pytest

D = date(2026, 4, 1)
FORCED = {"abcd_basis": "potential"}


@pytest.fixture
def classes(given, world):
    """Classes by client from {client: (potential or None, revenue)}; more columns of the clients sheet by name."""

    def asked(figures: dict[str, tuple[object, object]], norms: dict[str, str] | None = None, **columns: dict) -> dict:
        names = [*columns]
        sheet = [" | ".join(["client_id", "potential", *names])]
        for client, (potential, _) in figures.items():
            cells = [client, "" if potential is None else potential, *(columns[name].get(client, "") for name in names)]
            sheet.append(" | ".join(map(str, cells)))
        given("clients", "\n".join(sheet))
        given("orders", "\n".join(["client | date | amount", *(f"{c} | {D} | {r}" for c, (_, r) in figures.items())]))
        return {row["client_id"]: row for row in world.rows("marts.client_classes", as_of=D, norms=norms)}

    return asked


def letters(rows: dict) -> str:
    return " ".join(rows[client]["class"] for client in sorted(rows))


def test_reference_case_by_potential(classes):
    rows = classes({"a": (100, 80), "b": (100, 20), "c": (50, 40), "d": (30, 3), "e": (20, 15)})
    assert letters(rows) == "A+ B A D C"
    assert [rows[client]["share"] for client in "abcde"] == [0.8, 0.2, 0.8, 0.1, 0.75]
    assert {row["basis"] for row in rows.values()} == {"potential"}


def test_reference_case_by_turnover(classes):
    rows = classes({"a": (None, 50), "b": (None, 50), "c": (None, 30), "d": (None, 15), "e": (None, 5), "f": (None, 0)})
    assert letters(rows) == "A+ A+ A B C D"
    assert {row["basis"] for row in rows.values()} == {"turnover"}
    assert {(row["potential"], row["share"], row["gap"], row["potential_origin"]) for row in rows.values()} == {
        (None, None, None, "none")
    }


@pytest.mark.parametrize(("revenue", "letter"), [("50", "A+"), ("49.99", "B")])
def test_share_is_high_from_half(classes, revenue, letter):
    assert letters(classes({"a": (100, revenue)})) == letter


@pytest.mark.parametrize(("first", "second", "found"), [(80, 20, "A+ C"), ("79.99", "20.01", "A+ A+")])
def test_potential_is_high_below_four_fifths_of_the_cumulation(classes, first, second, found):
    """The one before holds exactly 80 % or just under it; equal revenue makes both the biggest."""
    assert letters(classes({"a": (first, 15), "b": (second, 15)}, norms={"high_share": "0.1"})) == found


@pytest.mark.parametrize(("big", "small", "found"), [(40, 10, "A+ A+ C C"), (39, 11, "A+ A+ A A")])
def test_equal_potentials_share_the_cumulation_before_them(classes, big, small, found):
    """Before both small ones stand 80 or 78 of 100."""
    assert letters(classes({"a": (big, 30), "b": (big, 30), "c": (small, 6), "d": (small, 6)})) == found


@pytest.mark.parametrize(("first", "second", "found"), [(50, 50, "A+ A+"), ("50.01", "49.99", "A+ A")])
def test_a_plus_ends_at_half_of_revenue(classes, first, second, found):
    assert letters(classes({"a": (100, first), "b": (99, second)}, norms={"high_share": "0.1"})) == found


@pytest.mark.parametrize(("second", "third", "found"), [(30, 20, "A+ A A"), ("30.01", "20", "A+ A+ A")])
def test_revenue_before_of_exactly_half_is_no_longer_a_plus(classes, second, third, found):
    """Before the second stand 50 of 100, or 50 of 100.01."""
    assert letters(classes({"a": (90, 50), "b": (60, second), "c": (40, third)})) == found


def test_management_list_makes_an_a_an_a_plus_and_no_other_class(classes):
    figures = {"a": (100, 80), "b": (100, 20), "c": (50, 40), "d": (30, 3), "e": (20, 15)}
    assert letters(classes(figures, key_client=dict.fromkeys("bcde", "yes"))) == "A+ B A+ D C"


@pytest.mark.parametrize(
    ("revenues", "found"),
    [
        (("50", "30", "15", "4", "1"), "A+ A B C D"),  # before: 0, 50, 80, 95, 99 of 100
        (("49.99", "30", "15", "4", "1.01"), "A+ A+ A B C"),  # before: 0, 49.99, 79.99, 94.99, 98.99
    ],
)
def test_borders_of_the_turnover_classes(classes, revenues, found):
    assert letters(classes({name: (None, amount) for name, amount in zip("abcde", revenues, strict=True)})) == found


def test_nothing_bought_or_more_given_back_is_d_and_counts_as_nothing(classes):
    rows = classes({"a": (None, 50), "b": (None, 30), "c": (None, 20), "d": (None, -1000), "e": (None, 0)})
    assert letters(rows) == "A+ A B D D"


def test_negative_revenue_by_potential(classes):
    row = classes({"a": (100, 80), "b": (100, -20)})["b"]
    assert (row["class"], row["revenue"], row["share"], row["gap"]) == ("B", -20, 0, 90)


def test_one_client_only(classes):
    assert letters(classes({"a": (None, 1)})) == "A+"


def test_all_clients_equal(classes):
    assert letters(classes(dict.fromkeys("abcdefgh", (None, 10)))) == " ".join(["A+"] * 8)


def test_all_clients_equal_by_potential(classes):
    assert letters(classes(dict.fromkeys("abcdefgh", (100, 10)))) == " ".join(["B"] * 8)


def test_no_orders_at_all(given, world):
    given("clients", "client_id | potential\na | 100\nb |")
    rows = {row["client_id"]: row for row in world.rows("marts.client_classes", as_of=D)}
    assert (rows["a"]["class"], rows["a"]["revenue"], rows["a"]["gap"]) == ("B", 0, 70)
    assert (rows["b"]["class"], rows["b"]["potential"], rows["b"]["potential_origin"]) == ("D", None, "none")


def test_revenue_beyond_the_potential_is_the_potential(classes):
    row = classes({"a": (100, 130)})["a"]
    assert (row["potential"], row["share"], row["gap"], row["potential_origin"]) == (130, 1, 0, "given")
    assert row["is_potential_outdated"] is True


@pytest.mark.parametrize(("known", "unknown", "basis"), [(50, 50, "potential"), ("49.99", "50.01", "turnover")])
def test_potential_is_the_basis_from_half_of_revenue(classes, known, unknown, basis):
    rows = classes({"a": (1000, known), "b": (None, unknown)})
    assert {row["basis"] for row in rows.values()} == {basis}


@pytest.mark.parametrize("basis", ["potential", "turnover"])
def test_the_setting_forces_a_basis(classes, basis):
    rows = classes({"a": (100, 80), "b": (None, 20)}, norms={"abcd_basis": basis})
    assert {row["basis"] for row in rows.values()} == {basis}


@pytest.mark.parametrize(("segment_count", "potential"), [(5, 40), (4, 20)])
def test_unknown_potential_is_estimated_by_the_segment_from_five_clients(classes, segment_count, potential):
    """Shares of the segment are 0.5, of many others 1: four are too few, and the median of all counts."""
    figures = {f"s{n}": (100, 50) for n in range(segment_count)} | {f"t{n}": (50, 50) for n in range(9)}
    segment = {name: "plant" for name in [*figures, "unknown"] if name[0] in "su"}
    row = classes(figures | {"unknown": (None, 20)}, segment=segment)["unknown"]
    assert (row["potential"], row["potential_origin"], row["share"]) == (potential, "estimated", 20 / potential)


def test_share_of_an_estimated_potential_is_the_share_it_was_estimated_by(classes):
    row = classes({"a": (3, 1), "b": (None, "0.01")})["b"]
    assert (row["potential_origin"], row["share"]) == ("estimated", pytest.approx(1 / 3, abs=1e-12))


def test_sums_of_any_size_are_classed(classes):
    """Revenue of eleven figures, and an estimate by a hair of a share: more than a money column holds."""
    rows = classes({"a": ("99999999999", "0.01"), "b": (None, "1234.5"), "c": (None, "12345678901.23")}, norms=FORCED)
    assert [(rows[client]["potential_origin"], rows[client]["class"]) for client in "bc"] == [("estimated", "B")] * 2


@pytest.mark.parametrize(("day", "revenue"), [("2025-04-01", 0), ("2025-04-02", 100), ("2026-04-01", 100), ("2026-04-02", 0)])
def test_revenue_is_that_of_the_twelve_months_up_to_the_date(given, world, day, revenue):
    given("clients", "client_id\na")
    given("orders", f"client | date | amount\na | {day} | 100")
    assert world.row("marts.client_classes", "a", as_of=D)["revenue"] == revenue

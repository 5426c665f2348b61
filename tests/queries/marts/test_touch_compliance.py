"""Touches against the norm, on both sides of each border (METHOD 2.2–2.4).

The cycle is set: project sales share the one of the setting, so that a test chooses it by `norms`.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

D = date(2026, 4, 1)
MONTHLY = "30.4375"
OLD = "2020-01-01"


class Case:
    """A client: its touches (days before D, kind or (kind, reason)), orders (days before D) and columns of its sheet."""

    def __init__(self, touches: list[tuple[int, object]], orders: tuple[int, ...] = (0,), **columns: object) -> None:
        self.touches, self.orders = touches, orders
        self.columns = {"sales_type": "project", "mandatory_touches": 2, "client_since": OLD, "manager": ""} | columns


@pytest.fixture
def compliance(given, world):
    """The rows at D of some clients, in their order; `more`: rows of touches of others (client, day, kind, manager)."""

    def asked(cases: list[Case], cycle: str = MONTHLY, more: tuple[str, ...] = ()) -> list[dict]:
        sheet = [" | ".join(["client_id", *cases[0].columns])]
        sheet += [" | ".join(map(str, [f"c{n}", *case.columns.values()])) for n, case in enumerate(cases)]
        orders = [f"c{n} | {D - timedelta(day)} | 100" for n, case in enumerate(cases) for day in case.orders]
        touches = []
        for n, case in enumerate(cases):
            for day, said in case.touches:
                kind, reason = said if isinstance(said, tuple) else (said, "")
                touches.append(f"c{n} | {D - timedelta(day)} | {kind} | {reason} |")
        given("clients", "\n".join(sheet))
        given("orders", "\n".join(["client | date | amount", *orders]))
        if touches or more:
            given("touches", "\n".join(["client | held_on | kind | reason | manager", *touches, *more]))
        rows = world.rows("marts.touch_compliance", as_of=D, norms={"project_cycle_days": cycle})
        by_id = {row["client_id"]: row for row in rows}
        return [by_id[f"c{n}"] for n in range(len(cases))]

    return asked


def kinds(mandatory: int, standard: int, need: int, days: int = 0) -> list[tuple[int, object]]:
    return [*[(days, "mandatory")] * mandatory, *[(days, "standard")] * standard, *[(days, "need")] * need]


def test_reference_case(compliance):
    (row,) = compliance([Case(kinds(1, 3, 1))])
    assert [row[f"norm_{kind}"] for kind in ("mandatory", "standard", "need")] == [2, 1, 2]
    assert [row[f"done_{kind}"] for kind in ("mandatory", "standard", "need")] == [1, 3, 1]
    assert [row[f"owed_{kind}"] for kind in ("mandatory", "standard", "need")] == [1, 0, 1]
    assert (row["compliance"], row["status"], row["mix"], row["contact_count"]) == (0.6, "below", 4, 5)


@pytest.mark.parametrize(
    ("cycle_months", "mandatory", "order_count", "norm"), [(1, 2, 1, 5), (2, 2, 1, 6), (12, 3, 1, 17), (0.25, 2, 4, 11)]
)
def test_worked_norms(compliance, cycle_months, mandatory, order_count, norm):
    case = Case([], tuple(range(0, 7 * order_count, 7)), mandatory_touches=mandatory)
    (row,) = compliance([case], cycle=str(cycle_months * 30.4375))
    assert row["norm_mandatory"] + row["norm_standard"] + row["norm_need"] == norm


def test_mandatory_touches_are_the_clients_own_or_by_type_and_never_under_one(compliance):
    cases = [Case([], mandatory_touches=own) for own in (0, 1, 1.5, 7)]
    cases += [Case([], sales_type=kind, mandatory_touches="") for kind in ("transactional", "project")]
    assert [row["norm_mandatory"] for row in compliance(cases)] == [1, 1, 1.5, 7, 2, 3]


def test_status(compliance):
    found = compliance(
        [
            Case(kinds(2, 1, 2)),
            Case(kinds(2, 1, 1)),  # 4 of 5
            Case(kinds(2, 1, 1), orders=(0, 1)),  # 4 of 7
            Case(kinds(2, 1, 0)),
            Case(kinds(2, 9, 1)),  # kinds never make up for each other; 12 contacts are over 7.5
            Case(kinds(9, 9, 0)),  # over wins over met and near only
        ]
    )
    assert [(round(row["compliance"], 12), row["status"]) for row in found] == [
        (1, "met"),
        (0.8, "near"),
        (round(4 / 7, 12), "below"),
        (0.6, "below"),
        (0.8, "over"),
        (0.6, "below"),
    ]


def test_contacts_above_one_and_a_half_norms_are_too_many(compliance):
    """Norm 3 + 1 + 2: nine contacts are 150 %, ten are more."""
    found = compliance([Case(kinds(4, standard, 2), mandatory_touches=3) for standard in (3, 4)])
    assert [(row["contact_count"], row["status"]) for row in found] == [(9, "met"), (10, "over")]


def test_window_of_a_month_has_31_days(compliance):
    """0 ≤ D − x < 30.4375, for touches and for orders."""
    found = compliance([Case([(day, "mandatory")], orders=(200, day)) for day in (0, 30, 31, -1)])
    assert [(row["window_months"], row["done_mandatory"], row["norm_mandatory"]) for row in found] == [
        (1, 1, 2),
        (1, 1, 2),
        (1, 0, 0),
        (1, 0, 0),
    ]


@pytest.mark.parametrize(("cycle", "window"), [("7", 1), ("60.875", 2), ("365.25", 12), ("400", 12)])
def test_window_is_the_cycle_from_one_month_to_twelve(compliance, cycle, window):
    (row,) = compliance([Case([])], cycle=cycle)
    assert (row["window_months"], row["norm_standard"]) == (window, window)
    assert row["norm_need"] == pytest.approx(2 * window / max(float(cycle) / 30.4375, 1), abs=1e-9)


def test_window_of_a_young_client_is_half_a_month(compliance):
    found = compliance([Case([(day, "need")], client_since="2026-03-30") for day in (15, 16)])
    assert [(row["window_months"], row["done_need"], row["norm_need"]) for row in found] == [(0.5, 1, 1), (0.5, 0, 1)]


def test_window_is_cut_to_the_age_of_the_client_and_leaves_its_first_day_out(compliance):
    """Whole days back to client_since: no float of months lets the first day in for some ages and not for others."""
    ages = range(16, 31)
    cases = [Case([(age, "need"), (age - 1, "need")], client_since=D - timedelta(age)) for age in ages]
    found = compliance(cases)
    assert [row["window_months"] for row in found] == [pytest.approx(age / 30.4375, abs=1e-12) for age in ages]
    assert {row["done_need"] for row in found} == {1}


def test_age_counts_from_the_first_order_where_it_is_not_known(compliance):
    (row,) = compliance([Case([], orders=(20, 0), client_since="")])
    assert row["window_months"] == pytest.approx(20 / 30.4375, abs=1e-12)


def test_a_client_without_orders_has_no_norm(given, world):
    given("clients", "client_id\nprospect")
    given("orders", f"client | date | amount\ngave_back | {D} | -1\nbought | {D} | 1\nlater | {D + timedelta(1)} | 1")
    assert [row["client_id"] for row in world.rows("marts.touch_compliance", as_of=D)] == ["bought"]


def test_what_a_touch_counts_as(compliance):
    """(done standard, done need, contacts); an anti-reason is a contact and fills no standard slot."""
    expected = {
        ("standard", "r1"): (1, 0, 1),
        ("standard", ""): (1, 0, 1),
        ("standard", "x1"): (0, 0, 1),
        ("standard", "x4"): (0, 0, 1),
        ("standard+need", "r2"): (1, 1, 1),
        ("standard+need", "x2"): (0, 1, 1),
        ("need", "x3"): (0, 1, 1),
        ("problem", ""): (0, 0, 0),
        ("deal", ""): (0, 0, 0),
        ("attempt", ""): (0, 0, 0),
        ("internal", ""): (0, 0, 0),
    }
    found = compliance([Case([(0, said)]) for said in expected])
    counted = [(row["done_standard"], row["done_need"], row["contact_count"]) for row in found]
    assert dict(zip(expected, counted, strict=True)) == expected
    assert {row["mix"] for row in found} == {None}


def test_no_data_where_the_manager_logged_nothing_with_anybody(compliance):
    managers = ["Anna", "Boris", "Vera", "Gleb", "Dina", "Egor", ""]
    found = compliance(
        [Case([], manager=manager) for manager in managers],
        more=(
            f"other | {D} | internal | | Anna",  # any activity with anybody
            f"other | {D - timedelta(30)} | need | | Boris",
            f"other | {D - timedelta(31)} | need | | Vera",
            f"c3 | {D} | attempt | |",  # nobody signed it: it is the client's manager's
            f"c4 | {D} | mandatory | | Anna",  # no data wins over everything
        ),
    )
    assert [row["status"] for row in found] == ["below", "below", "no_data", "below", "no_data", "no_data", "below"]
    assert found[4]["done_mandatory"] == 1


def test_no_data_of_a_client_without_a_manager_where_nobody_logged(compliance):
    (row,) = compliance([Case([])], more=(f"other | {D - timedelta(31)} | need | | Anna",))
    assert row["status"] == "no_data"


def test_next_touch(compliance):
    """In days after D, by (last contact, last order) in days before it.

    The order is expected 30 days after the last, its window opens six days before that; by the norm the next touch is
    due 30.4375 / 5 = 6.09, so six days after the contact.
    """
    expected = {
        (3, 0): 3,
        (3, 21): 3,  # the pre-order window opens that very day
        (3, 22): 2,  # it opens a day earlier
        (3, 26): -2,  # it opened the day after the contact
        (3, 27): 3,  # it opened on the day of the contact: the client was spoken to in it
        (None, 0): 0,  # never contacted: now
        (None, 24): 0,
        (None, 25): -1,  # a window has opened already
    }
    cases = [
        Case([(0, "problem"), *([] if contact is None else [(contact, "need")])], orders=(order,)) for contact, order in expected
    ]
    found = [(row["next_touch_on"] - D).days for row in compliance(cases)]
    assert dict(zip(expected, found, strict=True)) == expected

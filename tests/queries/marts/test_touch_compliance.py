"""Touches against the norm, on both sides of each border (METHOD 2.2–2.4).

The cycle is set: project sales share the one of the setting, so that a test chooses it by `norms`.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

D = date(2026, 4, 1)
MONTHLY = "30.4375"
OLD = "2020-01-01"


@pytest.fixture
def compliance(given, world):
    """The row at D of client a: orders and touches (kind or (kind, reason)) given by their days before D."""

    def asked(
        touches: list[tuple[int, object]],
        orders: tuple[int, ...] = (0,),
        cycle: str = MONTHLY,
        more: str | None = None,
        **columns: str,
    ) -> dict:
        sheet = {"client_id": "a", "sales_type": "project", "mandatory_touches": "2", "client_since": OLD, **columns}
        given("clients", " | ".join(sheet) + "\n" + " | ".join(sheet.values()))
        given("orders", "\n".join(["client | date | amount", *(f"a | {D - timedelta(days)} | 100" for days in orders)]))
        rows = []
        for days, said in touches:
            kind, reason = said if isinstance(said, tuple) else (said, "")
            rows.append(f"a | {D - timedelta(days)} | {kind} | {reason} |")
        if rows or more:
            given("touches", "\n".join(["client | held_on | kind | reason | manager", *rows, *([more] if more else [])]))
        return world.row("marts.touch_compliance", "a", as_of=D, norms={"project_cycle_days": cycle})

    return asked


def kinds(mandatory: int, standard: int, need: int, days: int = 0) -> list[tuple[int, object]]:
    return [*[(days, "mandatory")] * mandatory, *[(days, "standard")] * standard, *[(days, "need")] * need]


def test_reference_case(compliance):
    row = compliance(kinds(1, 3, 1))
    assert [row[f"norm_{kind}"] for kind in ("mandatory", "standard", "need")] == [2, 1, 2]
    assert [row[f"done_{kind}"] for kind in ("mandatory", "standard", "need")] == [1, 3, 1]
    assert [row[f"owed_{kind}"] for kind in ("mandatory", "standard", "need")] == [1, 0, 1]
    assert (row["compliance"], row["status"], row["mix"], row["contact_count"]) == (0.6, "below", 4, 5)


@pytest.mark.parametrize(
    ("cycle_months", "mandatory", "order_count", "norm"), [(1, 2, 1, 5), (2, 2, 1, 6), (12, 3, 1, 17), (0.25, 2, 4, 11)]
)
def test_worked_norms(compliance, cycle_months, mandatory, order_count, norm):
    cycle = str(cycle_months * 30.4375)
    row = compliance([], orders=tuple(range(0, 7 * order_count, 7)), cycle=cycle, mandatory_touches=str(mandatory))
    assert row["norm_mandatory"] + row["norm_standard"] + row["norm_need"] == norm


@pytest.mark.parametrize(("sales_type", "mandatory"), [("transactional", 2), ("project", 3)])
def test_mandatory_touches_by_type_where_the_client_has_none_of_its_own(compliance, sales_type, mandatory):
    assert compliance([], sales_type=sales_type, mandatory_touches="")["norm_mandatory"] == mandatory


@pytest.mark.parametrize(("given_touches", "mandatory"), [("0", 1), ("1", 1), ("1.5", 1.5), ("7", 7)])
def test_mandatory_touches_of_the_client_never_under_one(compliance, given_touches, mandatory):
    assert compliance([], mandatory_touches=given_touches)["norm_mandatory"] == mandatory


@pytest.mark.parametrize(
    ("done", "compliance_found", "status"),
    [
        ((2, 1, 2), 1, "met"),
        ((2, 1, 1), 0.8, "near"),
        ((2, 1, 0), 0.6, "below"),
        ((2, 9, 1), 0.8, "over"),  # kinds never make up for each other; 12 contacts are over 7.5
        ((9, 9, 0), 0.6, "below"),  # over wins over met and near only
    ],
)
def test_status(compliance, done, compliance_found, status):
    row = compliance(kinds(*done))
    assert (row["compliance"], row["status"]) == (pytest.approx(compliance_found, abs=1e-12), status)


@pytest.mark.parametrize(("orders", "status"), [((0, 0), "near"), ((0, 1), "below")])
def test_eighty_percent_is_near_and_less_is_below(compliance, orders, status):
    """4 of 5, or with a second order 4 of 7."""
    assert compliance(kinds(2, 1, 1), orders=orders)["status"] == status


@pytest.mark.parametrize(("standard", "status"), [(3, "met"), (4, "over")])
def test_contacts_above_one_and_a_half_norms_are_too_many(compliance, standard, status):
    """Norm 4 + 1 + 2 − 1 = 6 with M = 3: nine contacts are 150 %, ten are more."""
    row = compliance(kinds(4, standard, 2), mandatory_touches="3")
    assert (row["contact_count"], row["status"]) == (6 + standard, status)


@pytest.mark.parametrize(("days", "done"), [(0, 1), (30, 1), (31, 0), (-1, 0)])
def test_window_of_a_month_has_31_days(compliance, days, done):
    """0 ≤ D − x < 30.4375, for touches and for orders."""
    row = compliance([(days, "mandatory")], orders=(200, days))
    assert (row["window_months"], row["done_mandatory"], row["norm_mandatory"]) == (1, done, 2 * done)


@pytest.mark.parametrize(("cycle", "window"), [("7", 1), ("60.875", 2), ("365.25", 12), ("400", 12)])
def test_window_is_the_cycle_from_one_month_to_twelve(compliance, cycle, window):
    row = compliance([], cycle=cycle)
    assert (row["window_months"], row["norm_standard"]) == (window, window)
    assert row["norm_need"] == pytest.approx(2 * window / max(float(cycle) / 30.4375, 1), abs=1e-9)


@pytest.mark.parametrize(("days", "done"), [(15, 1), (16, 0)])
def test_window_of_a_young_client_is_half_a_month(compliance, days, done):
    row = compliance([(days, "need")], client_since="2026-03-30")
    assert (row["window_months"], row["done_need"], row["norm_need"]) == (0.5, done, 1)


@pytest.mark.parametrize("age", [16, 20, 23, 25, 27, 29, 30])
def test_window_is_cut_to_the_age_of_the_client_and_leaves_its_first_day_out(compliance, age):
    """Whole days back to client_since: no float of months lets the first day in for some ages and not for others."""
    row = compliance([(age, "need"), (age - 1, "need")], client_since=str(D - timedelta(age)))
    assert (row["window_months"], row["done_need"]) == (pytest.approx(age / 30.4375, abs=1e-12), 1)


def test_age_counts_from_the_first_order_where_it_is_not_known(compliance):
    assert compliance([], orders=(20, 0), client_since="")["window_months"] == pytest.approx(20 / 30.4375, abs=1e-12)


def test_a_client_without_orders_has_no_norm(given, world):
    given("clients", "client_id\nprospect")
    given("orders", f"client | date | amount\ngave_back | {D} | -1\nbought | {D} | 1\nlater | {D + timedelta(1)} | 1")
    assert [row["client_id"] for row in world.rows("marts.touch_compliance", as_of=D)] == ["bought"]


@pytest.mark.parametrize(
    ("kind", "reason", "standard", "need", "contacts"),
    [
        ("standard", "r1", 1, 0, 1),
        ("standard", "", 1, 0, 1),
        ("standard", "x1", 0, 0, 1),  # an anti-reason is a contact and fills no standard slot
        ("standard", "x4", 0, 0, 1),
        ("standard+need", "r2", 1, 1, 1),
        ("standard+need", "x2", 0, 1, 1),
        ("need", "x3", 0, 1, 1),
        ("problem", "", 0, 0, 0),
        ("deal", "", 0, 0, 0),
        ("attempt", "", 0, 0, 0),
        ("internal", "", 0, 0, 0),
    ],
)
def test_what_a_touch_counts_as(compliance, kind, reason, standard, need, contacts):
    row = compliance([(0, (kind, reason))])
    assert (row["done_standard"], row["done_need"], row["contact_count"], row["mix"]) == (standard, need, contacts, None)


@pytest.mark.parametrize(
    ("more", "status"),
    [
        (None, "no_data"),
        (f"b | {D} | internal | | Anna", "below"),  # any activity with anybody
        (f"b | {D} | need | | Boris", "no_data"),
        (f"b | {D - timedelta(30)} | need | | Anna", "below"),
        (f"b | {D - timedelta(31)} | need | | Anna", "no_data"),
        (f"a | {D} | attempt | | ", "below"),  # nobody signed it: it is the client's manager's
        (f"a | {D} | attempt | | Boris", "no_data"),
    ],
)
def test_no_data_where_the_manager_logged_nothing_with_anybody(compliance, more, status):
    assert compliance([], more=more, manager="Anna")["status"] == status


@pytest.mark.parametrize(("more", "status"), [(f"b | {D} | internal | | Boris", "below"), (None, "no_data")])
def test_no_data_of_a_client_without_a_manager_where_nobody_logged(compliance, more, status):
    assert compliance([], more=more, manager="")["status"] == status


def test_no_data_wins_over_everything(compliance):
    row = compliance([], more=f"a | {D} | mandatory | | Boris", manager="Anna")
    assert (row["status"], row["done_mandatory"]) == ("no_data", 1)


@pytest.mark.parametrize(
    ("last_contact", "last_order", "next_on"),
    [
        (3, 0, 3),  # 30.4375 / 5 = 6.09: six days after the contact
        (3, 21, 3),  # the pre-order window opens that very day
        (3, 22, 2),  # it opens a day earlier
        (3, 26, -2),  # it opened the day after the contact
        (3, 27, 3),  # it opened on the day of the contact: the client was spoken to in it
        (None, 0, 0),  # never contacted: now
        (None, 24, 0),
        (None, 25, -1),  # a window has opened already
    ],
)
def test_next_touch(compliance, last_contact, last_order, next_on):
    """In days after D. The order is expected 30 days after the last, its window opens six days before that."""
    touches = [] if last_contact is None else [(last_contact, "need")]
    row = compliance([(0, "problem"), *touches], orders=(last_order,))
    assert (row["next_touch_on"] - D).days == next_on

"""The reference cases of the method, on the second reading that the SQL is held against: is the measure right?"""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from tests.oracle import (
    MONTH,
    Client,
    Load,
    Norms,
    Order,
    PromiseRow,
    Row,
    Touch,
    World,
    client_classes,
    client_cycles,
    client_stages,
    months_before,
    promise_states,
    touch_compliance,
)

D = date(2026, 4, 1)


def orders(client: str, *days: date, amount: int = 100) -> tuple[Order, ...]:
    return tuple(Order(client, day, Decimal(amount)) for day in days)


def every(days: int, count: int, last: date = D) -> list[date]:
    return [last - timedelta(days * step) for step in range(count)]


def only(rows: list[Row]) -> Row:
    assert len(rows) == 1
    return rows[0]


def test_cycle_and_pre_order_window_of_the_reference_case() -> None:
    days = [date(2026, 1, 1), date(2026, 1, 31), date(2026, 3, 2), date(2026, 4, 1)]
    assert only(client_cycles(World(orders=orders("a", *days)), D)) == {
        "client_id": "a",
        "sales_type": "transactional",
        "interval_count": 3,
        "median_interval_days": 30.0,
        "cycle_days": 30.0,
        "cycle_basis": "mixed",
        "order_count": 4,
        "first_order_on": date(2026, 1, 1),
        "last_order_on": D,
        "expected_order_on": date(2026, 5, 1),
        "window_opens_on": date(2026, 4, 25),
    }


def test_compliance_of_the_reference_case() -> None:
    done = ["mandatory"] + ["standard"] * 3 + ["need"]
    world = World(
        clients=(Client("a", client_since=date(2020, 1, 1)),),
        orders=orders("a", D),
        touches=tuple(Touch("a", D, kind) for kind in done),
    )
    row = only(touch_compliance(world, D, Norms(peer_transactional_days=MONTH)))
    assert (row["norm_mandatory"], row["norm_standard"], row["norm_need"]) == (2, 1, 2)
    assert (row["done_mandatory"], row["done_standard"], row["done_need"]) == (1, 3, 1)
    assert (row["compliance"], row["status"], row["mix"], row["contact_count"]) == (0.6, "below", 4.0, 5)
    assert (row["owed_mandatory"], row["owed_standard"], row["owed_need"]) == (1, 0, 1)


@pytest.mark.parametrize(
    ("cycle_months", "mandatory", "order_count", "norm"),
    [(Fraction(1), 2, 1, 5), (Fraction(2), 2, 1, 6), (Fraction(12), 3, 1, 17), (Fraction(1, 4), 2, 4, 11)],
)
def test_worked_norms(cycle_months: Fraction, mandatory: int, order_count: int, norm: int) -> None:
    client = Client("a", sales_type="project", mandatory_touches=Decimal(mandatory), client_since=date(2020, 1, 1))
    world = World(clients=(client,), orders=orders("a", *every(7, order_count)))
    row = only(touch_compliance(world, D, Norms(project_cycle_days=cycle_months * MONTH)))
    assert row["norm_mandatory"] + row["norm_standard"] + row["norm_need"] == norm


def test_classes_of_the_reference_case_by_potential() -> None:
    figures = {"a": (100, 80), "b": (100, 20), "c": (50, 40), "d": (30, 3), "e": (20, 15)}
    world = World(
        clients=tuple(Client(name, potential=Decimal(p)) for name, (p, _) in figures.items()),
        orders=tuple(Order(name, D, Decimal(r)) for name, (_, r) in figures.items()),
    )
    rows = client_classes(world, D)
    assert [row["class"] for row in rows] == ["A+", "B", "A", "D", "C"]
    assert [row["share"] for row in rows] == [0.8, 0.2, 0.8, 0.1, 0.75]
    assert {row["basis"] for row in rows} == {"potential"}


def test_classes_of_the_reference_case_by_turnover() -> None:
    revenue = {"a": 50, "b": 50, "c": 30, "d": 15, "e": 5, "f": 0}
    world = World(orders=tuple(Order(name, D, Decimal(amount)) for name, amount in revenue.items()))
    rows = client_classes(world, D)
    assert [row["class"] for row in rows] == ["A+", "A+", "A", "B", "C", "D"]
    assert {row["basis"] for row in rows} == {"turnover"}


def promise(**fields: object) -> PromiseRow:
    return PromiseRow(promise_id="p", client="a", made_on=date(2026, 3, 1), **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("is_due_overwritten", [True, False])
def test_postponement_without_an_apology_is_not_proper(is_due_overwritten: bool) -> None:
    row = promise(
        original_due_on=date(2026, 3, 10) if is_due_overwritten else None,
        due_on=date(2026, 3, 20) if is_due_overwritten else date(2026, 3, 10),
        new_due_on=date(2026, 3, 20),
        moved_on=date(2026, 3, 9),
        explanation="the carrier is late",
        done_on=date(2026, 3, 18),
    )
    found = only(promise_states(World(loads=(Load(date(2026, 3, 23), (row,)),)), D))
    assert (found["state"], found["days_overdue"], found["postponement_score"]) == ("kept_late", 8, 3)
    assert (found["original_due_on"], found["due_on"]) == (date(2026, 3, 10), date(2026, 3, 20))
    assert (found["move_count"], found["silent_move_count"]) == (1, 0)


def test_postponement_with_an_apology_is_kept_as_agreed() -> None:
    row = promise(
        original_due_on=date(2026, 3, 10),
        due_on=date(2026, 3, 20),
        new_due_on=date(2026, 3, 20),
        moved_on=date(2026, 3, 10),
        explanation="the carrier is late",
        apology="said by telephone",
        done_on=date(2026, 3, 20),
    )
    found = only(promise_states(World(loads=(Load(date(2026, 3, 23), (row,)),)), D))
    assert (found["state"], found["days_overdue"], found["postponement_score"]) == ("kept_as_agreed", 0, 4)


@pytest.mark.parametrize("is_in_order", [True, False])
def test_due_day_that_differs_between_exports_is_a_silent_move(is_in_order: bool) -> None:
    loads = (
        Load(date(2026, 3, 2), (promise(due_on=date(2026, 3, 10)),)),
        Load(date(2026, 3, 9), (promise(due_on=date(2026, 3, 20)),)),
    )
    world = World(loads=loads if is_in_order else loads[::-1])
    found = only(promise_states(world, date(2026, 3, 9)))
    assert (found["silent_move_count"], found["move_count"], found["due_on"]) == (1, 1, date(2026, 3, 20))
    assert found["postponement_score"] is None
    the_day_before = only(promise_states(world, date(2026, 3, 8)))
    assert (the_day_before["silent_move_count"], the_day_before["due_on"]) == (0, date(2026, 3, 10))


def test_due_day_is_open_and_the_day_after_is_overdue() -> None:
    world = World(loads=(Load(date(2026, 3, 2), (promise(due_on=date(2026, 3, 6)),)),))
    assert only(promise_states(world, date(2026, 3, 6)))["state"] == "open"
    monday_after = only(promise_states(world, date(2026, 3, 10)))
    assert (monday_after["state"], monday_after["days_overdue"]) == ("overdue", 4)
    # 7 and 8 March 2026 are a weekend and 9 March is a day off for the holiday on the 8th.
    assert monday_after["working_days_overdue"] == 1


def test_statuses_at_the_edges() -> None:
    assert client_stages(World(), D) == []
    world = World(clients=(Client("a"),))
    assert only(client_stages(world, D))["status"] == "prospect"
    once = World(orders=orders("a", D))
    assert only(client_stages(once, D + timedelta(45)))["status"] == "new"
    assert only(client_stages(once, D + timedelta(46)))["status"] == "one_time"
    often = World(orders=orders("a", *every(30, 30)))
    at = {days: only(client_stages(often, D + timedelta(days)))["status"] for days in (0, 45, 46, 60, 61, 180, 181)}
    assert at == {
        0: "loyal",
        45: "loyal",
        46: "drowsing",
        60: "drowsing",
        61: "asleep",
        180: "asleep",
        181: "lost",
    }


def test_a_day_that_the_earlier_month_lacks_becomes_its_last() -> None:
    assert months_before(date(2024, 2, 29), 12) == date(2023, 2, 28)
    assert months_before(date(2026, 1, 31), 24) == date(2024, 1, 31)

"""metrics.<name>__each: a metric as of many dates in one statement, by the same SQL as one date."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kam import queries

DATES = [date(2025, 3, 31), date(2025, 6, 30), date(2025, 12, 31)]


@pytest.fixture
def orders(given) -> None:
    rows = ["client | date | amount"]
    for number in range(12):
        for at in range(14 - number % 5):
            day = date(2024, 6, 1) + timedelta(days=at * (20 + 5 * number))
            rows.append(f"c{number} | {day} | {100 * (number + 1)}")
    given("orders", "\n".join(rows))


def test_each_names_the_metric_for_the_order_of_files():
    assert "metrics.client_stages" in queries.all_queries()["marts.revenue_by_status"].tables


def test_status_by_month_is_what_the_single_date_says(orders, fetch):
    months = fetch("marts.revenue_by_status", as_of="2025-12-31").to_pylist()
    for day in DATES:
        single: dict[str, int] = {}
        for row in fetch("marts.client_stages", as_of=day).to_pylist():
            single[row["status"]] = single.get(row["status"], 0) + 1
        assert {row["status"]: row["client_count"] for row in months if row["month_ends_on"] == day} == single


@pytest.mark.parametrize("before", DATES[:2])
def test_classes_at_the_date_before_are_what_that_date_says(orders, fetch, before):
    then = {row["client_id"]: row["class"] for row in fetch("marts.client_classes", as_of=before).to_pylist()}
    moved = fetch("marts.class_moves", as_of="2025-12-31", before_on=before).to_pylist()
    now = {row["client_id"]: row["class"] for row in fetch("marts.client_classes", as_of="2025-12-31").to_pylist()}
    changed = {name for name in now if then.get(name, "absent") != now[name]}
    assert {row["client_id"] for row in moved} == changed
    assert all(row["class_before"] == then.get(row["client_id"], "absent") for row in moved)

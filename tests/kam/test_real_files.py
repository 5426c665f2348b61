"""Real exports, where they are at hand: the figures that anyone can check, through the same door as the command line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from kam import imports
from kam.imports import Upload
from kam.workspace import Workspace


def find_data() -> Path:
    """The folder of real files beside the project, wherever the project lies."""
    for parent in Path(__file__).resolve().parents:
        if (parent / "shared" / "data").is_dir():
            return parent / "shared" / "data"
    return Path("nowhere")


DATA = find_data()
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the folder of real files (shared/data) is not here")


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "workspace")


def load(ws: Workspace, folder: str) -> dict[str, imports.SheetReport]:
    uploads = [Upload(path.name, path) for path in sorted((DATA / folder).iterdir())]
    return {report.file: report for report in imports.load(ws, uploads)}


def test_online_retail_counts_returns_in(ws: Workspace) -> None:
    """29,292 positive lines are 602,976.58; with what was returned and the lines of price nothing, revenue is less."""
    (report,) = load(ws, "online_retail").values()
    assert (report.table, report.rows_read, report.rows_rejected) == ("orders", 40000, 10057)
    assert report.reasons == {"client_missing": 10057}
    assert report.amount_made
    lines = ws.fetch("marts.evidence_orders").to_pylist()
    positive = [row for row in lines if row["amount"] > 0]
    assert round(sum(row["amount"] for row in positive), 2) == Decimal("602976.58")
    assert len(positive) == 29292
    assert len({row["client_id"] for row in positive}) == 3591
    assert report.amount == sum(row["amount"] for row in lines)
    returned = sum(row["amount"] for row in lines if row["amount"] < 0)
    assert round(report.amount - returned, 2) == Decimal("602976.58")
    assert returned < 0


def test_crm_maven_won_deals_are_orders(ws: Workspace) -> None:
    reports = load(ws, "crm_maven")
    assert reports["accounts.csv"].rows_loaded == 85
    assert reports["sales_pipeline.csv"].rows_loaded == 4238
    assert reports["sales_pipeline.csv"].amount == 10_005_534
    assert reports["sales_teams.csv"].table == "staff"
    assert reports["products.csv"].is_refused
    classes = ws.fetch("marts.client_classes", as_of=date(2017, 12, 31)).to_pylist()
    revenue = {row["client_id"]: row["revenue"] for row in classes}
    assert len(revenue) == 85
    assert sum(revenue.values()) == 10_005_534
    assert (revenue["Kan-code"], revenue["Konex"], revenue["Condax"]) == (341455, 269245, 206410)


@pytest.mark.parametrize(
    ("first", "last", "amount"),
    [("2017-01-01", "2017-03-31", 1134672), ("2017-04-01", "2017-06-30", 3086111),
     ("2017-07-01", "2017-09-30", 2982255), ("2017-10-01", "2017-12-31", 2802496)],
)  # fmt: skip
def test_crm_maven_by_quarter_of_close(ws: Workspace, first: str, last: str, amount: int) -> None:
    load(ws, "crm_maven")
    lines = ws.fetch("marts.evidence_orders").to_pylist()
    assert sum(row["amount"] for row in lines if first <= str(row["ordered_on"]) <= last) == amount


def test_bitrix24_companies_deals_and_tasks(ws: Workspace) -> None:
    reports = load(ws, "bitrix24")
    assert [reports[f"{name}.csv"].rows_loaded for name in ("companies", "deals", "tasks")] == [5, 2, 4]
    assert reports["deals.csv"].amount == 184_000
    states = ws.fetch("marts.promise_states", as_of=date(2026, 4, 1)).to_pylist()
    assert [(row["promise_id"], row["client_id"], row["state"]) for row in states] == [
        ("501", "101", "kept_on_time"), ("502", "102", "overdue"), ("503", "L_303", "undated"), ("504", "105", "open"),
    ]  # fmt: skip
    clients = ws.fetch("marts.client_classes").to_pylist()
    assert {row["client_id"]: row["revenue"] for row in clients} == {"101": 120000, "102": 0, "103": 64000, "104": 0, "105": 0}


def test_the_account_book_is_asked_about_not_guessed(ws: Workspace) -> None:
    reports = load(ws, "onec").values()
    assert all(report.is_refused for report in reports)
    assert ws.dataset_id is None

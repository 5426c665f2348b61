"""Real exports, where they are at hand: the figures that anyone can check, through the same door as the command line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from itertools import accumulate
from pathlib import Path
from typing import Any

import duckdb
import pytest

from kam import imports
from kam.errors import KamError
from kam.imports import Upload
from kam.readers import read_file
from kam.workspace import Workspace


def find_data() -> Path:
    """The folder of real files beside the project, wherever the project lies."""
    for parent in Path(__file__).resolve().parents:
        if (parent / "shared" / "data").is_dir():
            return parent / "shared" / "data"
    return Path("nowhere")


DATA = find_data()
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the folder of real files (shared/data) is not here")


# The two books that are locked, and what opens them.
PASSWORDS = {"calamine__pass_protected.xlsx": "123", "msoffcrypto__example_password.xlsx": "Password1234_"}

Loaded = tuple[Workspace, dict[str, imports.SheetReport]]
Load = Callable[[str], Loaded]


@pytest.fixture(scope="module")
def load(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Load]:
    """Loads the files of a folder, once: the workspace and the reports by file (of a book, the last sheet's)."""
    loaded: dict[str, Loaded] = {}

    def load_folder(folder: str) -> Loaded:
        if folder not in loaded:
            ws = Workspace(tmp_path_factory.mktemp(folder) / "workspace")
            paths = sorted((DATA / folder).iterdir())
            reports = imports.load(ws, [Upload(path.name, path, PASSWORDS.get(path.name)) for path in paths])
            loaded[folder] = ws, {report.file: report for report in reports}
        return loaded[folder]

    yield load_folder
    for ws, _ in loaded.values():
        ws.close()


def rows(ws: Workspace, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(ws.datasets.path(ws.dataset_id or ""), read_only=True) as dataset:
        return dataset.execute(sql).fetchall()


def test_online_retail_counts_returns_in(load: Load) -> None:
    """29,292 positive lines are 602,976.58; with what was returned and the lines of price nothing, revenue is less."""
    ws, reports = load("online_retail")
    (report,) = reports.values()
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


def test_online_retail_is_kept_to_the_letter(load: Load) -> None:
    ws, _ = load("online_retail")
    lines = "select count(*), count(distinct order_id), count(*) filter (where client_id is null) from raw.orders"
    assert rows(ws, lines) == [(40000, 13199, 10057)]
    assert rows(ws, "select count(*) from raw.orders where order_id like 'C%'") == [(674,)]
    assert rows(ws, "select round(sum(amount), 2) from staging.orders") == [(Decimal("706922.42"),)]
    whole = "order_id, sku, product, quantity, date, price, client_id, extra"
    assert rows(ws, f"select 40000 - count(*) from (select distinct {whole} from raw.orders)") == [(28,)]
    of_clients = "from core.order_lines where quantity > 0 and price > 0"
    assert rows(ws, f"select count(distinct order_id) {of_clients}") == [(11514,)]


def test_crm_maven_won_deals_are_orders(load: Load) -> None:
    ws, reports = load("crm_maven")
    assert reports["accounts.csv"].rows_loaded == 85
    assert reports["sales_pipeline.csv"].rows_loaded == 4238
    assert reports["sales_pipeline.csv"].amount == 10_005_534
    assert reports["sales_teams.csv"].table == "staff"
    assert reports["products.csv"].is_refused
    assert Counter(row["value"] for row in imports.rejects(ws).to_pylist())["Lost"] == 2473
    classes = ws.fetch("marts.client_classes", as_of=date(2017, 12, 31)).to_pylist()
    revenue = {row["client_id"]: row["revenue"] for row in classes}
    assert len(revenue) == 85
    assert sum(revenue.values()) == 10_005_534
    sums = list(accumulate(sorted(revenue.values(), reverse=True)))
    assert round(sums[57] / 10_005_534, 2) == Decimal("0.8")  # 58 accounts make 80 %
    assert (revenue["Kan-code"], revenue["Konex"], revenue["Condax"]) == (341455, 269245, 206410)


@pytest.mark.parametrize(
    ("first", "last", "amount"),
    [("2017-01-01", "2017-03-31", 1134672), ("2017-04-01", "2017-06-30", 3086111),
     ("2017-07-01", "2017-09-30", 2982255), ("2017-10-01", "2017-12-31", 2802496)],
)  # fmt: skip
def test_crm_maven_by_quarter_of_close(load: Load, first: str, last: str, amount: int) -> None:
    ws, _ = load("crm_maven")
    lines = ws.fetch("marts.evidence_orders").to_pylist()
    assert sum(row["amount"] for row in lines if first <= str(row["ordered_on"]) <= last) == amount


def test_bitrix24_companies_deals_and_tasks(load: Load) -> None:
    ws, reports = load("bitrix24")
    assert [reports[f"{name}.csv"].rows_loaded for name in ("companies", "deals", "tasks")] == [5, 2, 4]
    assert reports["deals.csv"].amount == 184_000
    states = ws.fetch("marts.promise_states", as_of=date(2026, 4, 1)).to_pylist()
    assert [(row["promise_id"], row["client_id"], row["state"]) for row in states] == [
        ("501", "101", "kept_on_time"), ("502", "102", "overdue"), ("503", "L_303", "undated"), ("504", "105", "open"),
    ]  # fmt: skip
    clients = ws.fetch("marts.client_classes").to_pylist()
    assert {row["client_id"]: row["revenue"] for row in clients} == {"101": 120000, "102": 0, "103": 64000, "104": 0, "105": 0}


def test_the_account_book_is_asked_about_not_guessed(load: Load) -> None:
    ws, reports = load("onec")
    assert [report.error.key for report in reports.values() if report.error] == ["recognise.no_header"]
    assert ws.dataset_id is None


NOT_OURS = {
    "calamine__any_sheets.ods": "recognise.no_header", "calamine__any_sheets.xls": "recognise.no_header",
    "calamine__any_sheets.xlsb": "recognise.no_header", "calamine__any_sheets.xlsx": "recognise.no_header",
    "calamine__date.xlsx": "recognise.no_header", "calamine__date_1904.xlsx": "recognise.no_header",
    "calamine__errors.xlsx": "recognise.no_header", "calamine__header-row.xlsx": "recognise.unknown_table",
    "calamine__issue_530.xlsx": "recognise.unknown_table", "calamine__merged_range.xlsx": "recognise.unknown_table",
    "calamine__pass_protected.xlsx": "errors.no_cells", "calamine__strict_iso_paths.xlsx": "recognise.unknown_table",
    "calamine__too_small.xls": "recognise.no_header", "calamine__vba.xlsm": "errors.no_cells",
    "msoffcrypto__example_password.xlsx": "recognise.unknown_table", "pycalamine__base.xls": "recognise.no_header",
    "pycalamine__empty_file.xlsx": "errors.zero_bytes",
}  # fmt: skip


def test_every_messy_file_is_read_or_refused_for_its_own_reason(load: Load) -> None:
    """None of them is a table of ours; the locked ones open, and the first of the two holds an empty sheet."""
    ws, reports = load("messy")
    assert {file: report.error.key for file, report in reports.items() if report.error} == NOT_OURS
    assert ws.dataset_id is None


@pytest.mark.parametrize(("password", "key"), [(None, "errors.encrypted"), ("124", "errors.wrong_password")])
@pytest.mark.parametrize("book", PASSWORDS)
def test_a_locked_book_opens_with_its_own_password_alone(book: str, password: str | None, key: str) -> None:
    with pytest.raises(KamError) as caught:
        read_file(DATA / "messy" / book, book, password)
    assert caught.value.key == key

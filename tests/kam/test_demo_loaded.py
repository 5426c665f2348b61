"""The demo, loaded as anybody loads it, gives the answers that it was made to give: exactly, client by client."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from kam import demo, imports
from kam.workspace import Workspace

ANSWERS = tomllib.loads((demo.SAMPLE / demo.ANSWERS).read_text(encoding="utf-8"))
TABLES = ANSWERS["tables"]
# The owed column of the answers, in this order.
KINDS = ("mandatory", "standard", "need")


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workspace, list[imports.SheetReport]]]:
    workspace = Workspace(tmp_path_factory.mktemp("workspace"))
    yield workspace, imports.load_demo(workspace)
    workspace.close()


@pytest.fixture(scope="module")
def rows(loaded):
    """marts.<name> on the last day, by its id."""

    def read(name: str, key: str = "client_id", **params: Any) -> dict[str, dict[str, Any]]:
        params.setdefault("as_of", ANSWERS["last_day"])
        return {row[key]: row for row in loaded[0].fetch(f"marts.{name}", **params).to_pylist()}

    return read


def ask(workspace: Workspace, sql: str) -> list[dict[str, Any]]:
    workspace.beside()  # makes every table of ref.*
    cursor = workspace._opened().connection.cursor()
    cursor.execute("use dataset")
    return cursor.sql(sql).to_arrow_table().to_pylist()


def test_every_row_of_every_file_is_accounted_for(loaded):
    assert {report.file: report.rows_read for report in loaded[1]} == TABLES["rows"]
    assert all(report.rows_loaded + report.rows_rejected == report.rows_read for report in loaded[1])
    assert [report.file for report in loaded[1] if report.error] == []


@pytest.mark.parametrize("table", ["orders", "touches", "promises", "requests", "contacts"])
def test_rows_that_cannot_be_used_are_rejected_with_their_reason(loaded, table):
    found: dict[str, int] = {}
    for report in loaded[1]:
        for reason, count in report.reasons.items() if report.table == table else ():
            found[reason] = found.get(reason, 0) + count
    cancelled = {"order_cancelled": TABLES["orders_cancelled"]} if table == "orders" else {}
    assert found == TABLES[f"{table}_rejected"] | cancelled


def test_nothing_of_the_clients_or_staff_is_lost(loaded):
    assert {report.table: report.rows_rejected for report in loaded[1] if report.table in ("clients", "staff")} == {
        "clients": 0, "staff": 0,
    }  # fmt: skip


def test_totals_are_those_that_were_made(loaded):
    (orders,) = ask(loaded[0], "select count(*) as n, sum(amount) as amount, min(ordered_on) as first from core.order_lines")
    assert (orders["n"], orders["amount"]) == (TABLES["order_lines"], Decimal(TABLES["amount"]))
    assert orders["first"] == ANSWERS["first_order_on"]
    (others,) = ask(loaded[0], "select (select count(*) from core.clients) as clients, (select count(*) from core.touches) as touches")
    assert others == {"clients": TABLES["clients"], "touches": TABLES["touches"]}
    assert loaded[0].default_as_of() == ANSWERS["last_day"]


def test_revenue_of_the_year_adds_up(rows):
    assert sum(row["revenue"] for row in rows("client_classes").values()) == Decimal(TABLES["revenue"])


def test_every_client_has_the_status_it_was_made_for(rows):
    stages = rows("client_stages")
    assert len(stages) == TABLES["clients"]
    assert {client: stages[client]["status"] for client in ANSWERS["statuses"]} == ANSWERS["statuses"]


def test_every_class_and_touch_status_occurs(rows):
    assert {row["class"] for row in rows("client_classes").values()} == {"A+", "A", "B", "C", "D"}
    assert {row["basis"] for row in rows("client_classes").values()} == {"potential"}
    assert {row["potential_origin"] for row in rows("client_classes").values()} == {"given", "estimated"}
    assert {row["status"] for row in rows("touch_compliance").values()} == {"met", "near", "below", "over", "no_data"}


def test_every_promise_is_in_the_state_it_was_made_for(rows):
    states = rows("promise_states", "promise_id")
    expected = {promise: state for promise, state in ANSWERS["states"].items() if state != "cancelled"}
    assert {promise: row["state"] for promise, row in states.items()} == expected
    moved = {promise: row["silent_move_count"] for promise, row in states.items() if row["silent_move_count"]}
    assert moved == ANSWERS["silent_moves"]


def test_the_reference_promise_scores_three_and_is_kept_eight_days_late(rows):
    reference = rows("promise_states", "promise_id")["00003"]
    assert (reference["state"], reference["days_overdue"], reference["postponement_score"]) == ("kept_late", 8, 3)


def test_a_holiday_is_no_working_day_late(rows):
    late = rows("promise_states", "promise_id")["00014"]
    assert (late["days_overdue"], late["working_days_overdue"]) == (6, 3)


def test_every_touch_has_the_kind_and_reason_it_was_made_with(loaded):
    found = ask(loaded[0], "select kind, count(*) as n from ref.touch_kinds group by kind")
    assert {row["kind"]: row["n"] for row in found} == ANSWERS["kinds"]
    found = ask(loaded[0], "select reason, count(*) as n from ref.touch_kinds where reason is not null group by reason")
    assert {row["reason"]: row["n"] for row in found} == ANSWERS["reasons"]


def test_the_annual_meetings_are_those_that_were_named_so(loaded, rows):
    found = ask(loaded[0], "select client_id, max(held_on) as day from ref.annual_meetings join core.clients using (client_key) group by all")
    assert {row["client_id"]: row["day"] for row in found} == ANSWERS["annual_meetings"]
    best = [row for row in rows("key_clients").values() if row["class"] in ("A", "A+")]
    due = Counter(row["meeting_on"] and row["is_meeting_due"] for row in best)  # None: none on record
    assert (due[False], due[True]) == (6, 2)
    assert due[None] == len(best) - 8 > 0


def test_requests_are_in_the_state_they_were_made_for(loaded):
    (found,) = loaded[0].fetch("marts.request_summary", as_of=ANSWERS["last_day"]).to_pylist()
    counts = {state: found[f"{state}_count"] for state in ("answered", "named", "broken", "unnamed")}
    assert counts == ANSWERS["requests"]
    assert found["request_count"] == TABLES["rows"]["Обращения 2026-11-20.xlsx"] - 1


def test_the_manager_who_types_in_weeks_later_stands_out(loaded):
    delays = {row["manager"]: row for row in loaded[0].fetch("marts.entry_delay").to_pylist() if not row["is_all"]}
    late = delays.pop("Корабельников Илья Романович")
    assert late["median_delay_days"] > 7 and late["late_share"] > 0.9
    assert max(row["median_delay_days"] for row in delays.values()) <= 1


@pytest.mark.parametrize("code", list(ANSWERS["planted"]))
def test_planted_case_comes_out_as_planted(code, rows):
    case = dict(ANSWERS["planted"][code])
    client = case.pop("client_id")
    touch = rows("touch_compliance").get(client, {})
    found = rows("client_stages")[client] | rows("client_cycles")[client] | rows("client_classes")[client]
    found |= {"revenue": str(found["revenue"].normalize()), "gap": found["gap"]}
    found |= {key: touch.get(key) for key in ("window_months", "compliance", "contact_count", "mix")}
    found |= {"touch_status": touch.get("status"), "owed": [touch.get(f"owed_{kind}") for kind in KINDS]}
    found["status"] = rows("client_stages")[client]["status"]
    _expect(case, found, rows, client)


def _expect(case: dict[str, Any], found: dict[str, Any], rows, client: str) -> None:
    if case.pop("revenue_over_potential", False):
        assert found["is_potential_outdated"]
    if "gap" in case:
        assert found["gap"] == Decimal(case.pop("gap"))
    if "revenue" in case:
        assert Decimal(found["revenue"]) == Decimal(case.pop("revenue"))
    past = {key.removeprefix("cycle_"): case.pop(key) for key in list(case) if key.startswith("cycle_")}
    if past:
        then = rows("client_cycles", as_of=past.pop("as_of"))[client]
        assert {key: then[key] for key in past} == past
    if "owed" in case:
        assert found["owed"] == case.pop("owed")
    assert {key: found[key] for key in case} == pytest.approx(case)

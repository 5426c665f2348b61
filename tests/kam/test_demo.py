"""The demo that ships is the demo that the generator makes, and it holds every case that the screens know."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path
from statistics import median

import pyarrow as pa
import pytest

from kam import demo, readers

STATUSES = {"prospect", "one_time", "lost", "asleep", "returned", "drowsing", "new", "loyal", "regular"}
STATES = {"kept_on_time", "kept_as_agreed", "kept_late", "open", "overdue", "undated", "cancelled"}
KINDS = {
    "internal",
    "attempt",
    "deal",
    "problem",
    "mandatory",
    "need",
    "standard",
    "standard+need",
    "unrecognised",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {path.name: path for path in demo.write(tmp_path_factory.mktemp("demo"))}


def cells(path: Path) -> pa.Table:
    (sheet,) = readers.read_file(path, path.name)
    return sheet.cells


@pytest.mark.parametrize("path", demo.sample_files(), ids=lambda path: path.name)
def test_the_shipped_file_is_made_again_cell_for_cell(path, made):
    assert cells(path).equals(cells(made[path.name]))


def test_no_file_is_missing_from_the_sample_and_none_is_stray(made):
    assert {path.name for path in demo.sample_files()} == set(made)


def test_the_shipped_answers_are_made_again(made):
    again = (next(iter(made.values())).parent / demo.ANSWERS).read_text(encoding="utf-8")
    assert (demo.SAMPLE / demo.ANSWERS).read_text(encoding="utf-8") == again
    assert tomllib.loads(again)["last_day"] == demo.LAST_DAY


def test_the_sample_stays_small():
    assert sum(path.stat().st_size for path in demo.sample_files()) < 1_600_000


def test_every_status_state_kind_and_reason_is_there():
    answers = demo.answers(demo.build())
    assert set(answers["statuses"].values()) == STATUSES
    assert set(answers["states"].values()) == STATES
    assert set(answers["kinds"]) == KINDS
    assert set(answers["reasons"]) == {f"r{n}" for n in range(1, 19)} | {f"x{n}" for n in range(1, 5)}


def test_a_manager_logs_nothing_and_nobody_takes_over():
    made = demo.build()
    silent = [client for client in made.clients if client.manager == demo.SILENT]
    assert len(silent) > 10
    assert not {touch.client.id for touch in made.touches} & {client.id for client in silent}


def test_nothing_happens_after_the_last_day():
    made = demo.build()
    days = [order.on for order in made.orders] + [touch.at.date() for touch in made.touches]
    assert (min(days), max(days)) == (demo.FIRST_DAY, demo.LAST_DAY)
    assert demo.LAST_DAY.strftime("%A") == "Friday"


def test_every_touch_is_typed_in_before_the_export_by_its_managers_habit():
    made = demo.build()
    delays: dict[str, list[int]] = {}
    for touch in made.touches:
        assert touch.created_at is not None and touch.created_at.date() <= demo.LAST_DAY
        habit = made.words["entry"][touch.client.manager] if touch.client.manager is not None else "nobody"
        delays.setdefault(habit, []).append((touch.created_at.date() - touch.at.date()).days)
        assert habit != "friday" or touch.created_at.weekday() == 4
    assert {habit: median(days) for habit, days in delays.items() if habit != "nobody"} == {"daily": 0, "friday": 1, "late": 14}
    assert sum(abs(days) <= 1 for days in delays["daily"]) / len(delays["daily"]) > 0.8
    assert min(delays["friday"]) >= 0 and max(delays["friday"]) == 4


def test_an_annual_meeting_is_a_meeting_that_was_held_anyway():
    made = demo.build()
    annual = [touch for touch in made.touches if touch.subject is not None]
    assert {touch.subject for touch in annual} == set(made.words["annual"])
    assert {touch.channel for touch in annual} == {"meeting"}
    ages = [(demo.LAST_DAY - touch.at.date()).days for touch in annual]
    assert all(age <= 340 or 400 <= age <= 600 for age in ages)
    assert min(ages) <= 340 and max(ages) >= 400


def test_requests_are_of_every_state_and_none_is_answered_before_it_came():
    requests = demo.build().requests
    assert {request.state for request in requests} == {"answered", "named", "broken", "unnamed"}
    for request in requests:
        assert (request.answered_at is not None) == (request.state == "answered")
        assert request.answered_at is None or request.received_at <= request.answered_at
        assert request.fixed_on is None or request.fixed_on <= demo.LAST_DAY


def test_few_clients_bring_most_of_the_money():
    year = Counter[str]()
    for order in demo.build().orders:
        if order.on > demo.LAST_DAY.replace(year=2025) and not order.is_cancelled:
            year[order.client.id] += int(order.amount)
    best = sorted(year.values(), reverse=True)
    assert 0.65 < sum(best[:60]) / sum(best) < 0.9


def test_client_names_and_document_numbers_are_never_two_things():
    made = demo.build(rows=30_000)
    assert len({client.name for client in made.clients}) == len(made.clients)
    assert len({client.id for client in made.clients}) == len(made.clients)
    owners = {(order.number, order.client.id, order.on) for order in made.orders}
    assert len({number for number, _, _ in owners}) == len(owners)


def test_rows_scale_the_orders_and_another_seed_makes_another_company():
    assert 0.7 < len(demo.build(rows=2_000).orders) / 2_000 < 1.5
    assert 0.7 < len(demo.build(rows=20_000).orders) / 20_000 < 1.5
    assert demo.build(seed=7).orders != demo.build().orders


def test_the_captured_day_stands_in_the_name():
    days = [demo.captured_on(path) for path in demo.sample_files() if path.name.startswith("Обещания")]
    assert sorted(days) == list(demo.PROMISE_EXPORTS)
    assert demo.captured_on(Path("Реализации 2025-2026.xlsx")) == demo.LAST_DAY

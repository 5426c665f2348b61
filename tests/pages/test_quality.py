"""The data quality page: figures equal to the rows behind them, on the demo, on little data, in both languages."""

from __future__ import annotations

import pytest

from kam import queries
from kam.i18n import entries, translator
from kam.quality import NO_USE, USES_FILE, uses
from kam.tables import load_tables
from kam.ui import quality
from kam.workspace import Workspace
from tests.pages.shown import sound, words


@pytest.mark.parametrize("language", ["ru", "en"])
def test_page_comes_to_its_end_in_both_languages(opened, demo_path, language):
    app = sound(opened("quality", demo_path, lang=language))
    assert len(app.metric) == 5
    assert len(app.get("plotly_chart")) == 4


def test_empty_workspace_invites(opened):
    assert "Загрузите свои выгрузки" in words(sound(opened("quality")))


def test_clean_data_say_so_and_name_what_was_not_checked(opened, world):
    world.given("orders", "order_id | client | date | amount | manager\n1 | Альфа | 2026-01-01 | 5 | И")
    world.build()
    app = sound(opened("quality", world.workspace.path))
    said = app.success[0].value
    assert "Ничего не найдено, проверок проведено: 11, не проведено: 11" in said
    shown = [frame.value for frame in app.dataframe]
    lacking = next(frame for frame in shown if "why_unchecked" in frame.columns)
    assert "Не проверено: не загружено — касания." in set(lacking["why_unchecked"])
    assert next(frame for frame in shown if list(frame.columns) == list(quality.CLEAN_COLUMNS)).shape[0] == 11


def test_all_checks_run_and_nothing_found(opened, world):
    world.given("clients", "client_name | manager | client_since | potential\nАльфа | И | 2025-01-01 | 100")
    world.given("staff", "name\nИ")
    world.given("orders", "order_id | client | date | amount\n1 | Альфа | 2026-01-01 | 5")
    world.given("touches", "client | held_on | created_at | kind | subject | manager\nАльфа | 2026-01-01 | 2026-01-01 | стандартное | x | И")
    world.given("promises", "promise_id | client | text | made_on | due_on\np | Альфа | x | 2026-01-01 | 2026-01-09")
    world.build()
    app = sound(opened("quality", world.workspace.path))
    assert app.success[0].value.startswith("Ничего не найдено, проверок проведено: 22.")
    assert [metric.value for metric in app.metric] == ["0", "0", "100,0\u00a0%", "0", "0"]


def test_a_filter_that_leaves_nobody_stands(opened, demo_path):
    manager = Screen(demo_path).fetch("marts.filter_values").to_pylist()[0]["value"]
    sound(opened("quality", demo_path, manager=manager))


class Screen:
    """What the makers of evidence take of a screen."""

    def __init__(self, path, language: str = "ru") -> None:
        self.t, self.ws = translator(language), Workspace(path)
        self.as_of = self.ws.default_as_of()

    def fetch(self, mart, **params):
        taken = queries.compile_query(mart).params
        return self.ws.fetch(mart, **({"as_of": self.as_of} if "as_of" in taken else {}), **params)

    def norm(self, key):
        return self.ws.norms()[key]


def test_every_line_opens_its_rows(demo_path):
    screen = Screen(demo_path)
    found = quality.of_state(quality.load(screen), "found").to_pylist()
    assert {row["problem"] for row in found} >= {"duplicate_orders", "rejected_rows", "undecided_clients", "potential_below_revenue"}
    for row in found:
        evidence = quality.problem(screen, row)
        rows = evidence.rows()
        assert rows.num_rows == row["row_count"], row
        assert "sheet_id" not in rows.column_names
        assert "{" not in screen.t(evidence.rule, **evidence.facts)
        assert row["problem"] == "undecided_clients" or {"file", "sheet", "row_number"} <= set(rows.column_names)
    screen.ws.close()


def test_every_bar_opens_what_it_counts(demo_path):
    screen = Screen(demo_path)
    data = quality.load(screen)
    for row in data.tables.to_pylist():
        evidence = quality.table_point(screen, data, {"customdata": [row["table_name"]]})
        if row["flagged_count"]:
            places = {(one["file"], one["sheet"], one["row_number"]) for one in evidence.rows().to_pylist()}
            assert len(places) == row["flagged_count"]
    for number, row in enumerate(data.rejects.to_pylist()):
        assert quality.reject_point(screen, data, {"customdata": [number]}).rows.num_rows == row["row_count"]
    columns = data.columns.to_pylist()
    for name, standing in {(row["table_name"], row["standing"]) for row in columns}:
        rows = quality.column_point(screen, data, {"customdata": [name, standing]}).rows
        assert rows.num_rows == sum((row["table_name"], row["standing"]) == (name, standing) for row in columns)
    for row in columns:
        sheets = quality.column(screen, row).rows.to_pylist()
        assert sum(sheet["filled_count"] for sheet in sheets) == row["filled_count"]
    screen.ws.close()


def test_late_entries_of_a_manager_open(world):
    rows = """
        client | held_on | created_at | manager
        А | 2026-01-01 | 2026-01-09 | И
        А | 2026-01-01 | 2026-01-02 | И
        А | 2026-01-01 | 2026-01-09 |
    """
    world.given("touches", rows)
    world.build()
    screen = Screen(world.workspace.path)
    data = quality.load(screen)
    for row in data.delays.to_pylist():
        assert quality.delay(screen, row).rows().num_rows == row["late_count"]
    assert quality.delay_point(screen, data, {"customdata": "И"}).facts["late_count"] == 2
    screen.ws.close()


def test_a_missing_table_is_named_once():
    t = translator("en")
    assert quality.unchecked(t, "touches,touches.created_at") == "Not checked: not loaded — touches."
    assert quality.unchecked(t, "touches.created_at") == "Not checked: not loaded — Created in table “touches”."


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_check_and_use_has_its_words(language):
    known = entries(language)
    apart = {"flagged_rows", "column_coverage", "near_clients", "near_people"}
    for check in {query.stem for query in queries.all_queries().values() if query.layer == "checks"} - apart:
        assert {f"values.problem.{check}", *(f"quality.{part}.{check}" for part in ("what", "distorts", "action"))} <= set(known)
    assert {f"quality.uses.{use}" for use in (*uses().values(), NO_USE)} <= set(known)


def test_uses_name_columns_that_tables_have():
    for line in USES_FILE.read_text(encoding="utf-8").splitlines()[1:]:
        table, column, _ = line.split(",")
        assert column in load_tables()[table].columns, line

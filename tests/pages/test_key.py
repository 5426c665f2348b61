"""The key clients page: figures equal to the rows behind them, the two lists that are kept in the app."""

from __future__ import annotations

import json

import pytest

from kam.i18n import translator
from kam.ui import keying
from kam.workspace import Workspace
from tests.pages.shown import sound, words

SHEET = "client_id | client_name | manager | key_client | Экспортёр\n1 | Альфа | Иванов | yes | да\n2 | Бета | Петров | no | нет"


@pytest.fixture
def path(world):
    world.given("clients", SHEET)
    world.given("orders", "client | date | amount\n1 | 2026-03-01 | 5\n2 | 2026-03-31 | 7")
    world.build()
    return world.workspace.path


@pytest.mark.parametrize("language", ["ru", "en"])
def test_page_comes_to_its_end_in_both_languages(opened, demo_path, language):
    app = sound(opened("key", demo_path, lang=language))
    assert len(app.metric) == 5
    assert len(app.get("plotly_chart")) == 1


def test_empty_workspace_invites(opened):
    assert "Загрузите свои выгрузки" in words(sound(opened("key")))


def test_without_a_key_client_the_page_is_zeros(opened, path):
    app = sound(opened("key", path, manager="Петров"))
    assert [metric.value for metric in app.metric] == ["0"] * 5
    (chart,) = app.get("plotly_chart")
    assert "Ключевых клиентов нет." in [note["text"] for note in json.loads(chart.proto.spec)["layout"]["annotations"]]


def test_figures_add_up_to_their_rows(demo_path):
    class Screen:
        t, ws = translator("ru"), Workspace(demo_path)

        def fetch(self, mart, **params):
            return self.ws.fetch(mart, **params)

        def norm(self, key):
            return float(self.ws.norms()[key])

    screen = Screen()
    found = keying.figures(screen, screen.fetch("marts.key_clients"), screen.fetch("marts.key_managers"))
    assert [figure.value for figure in found] == [figure.evidence.rows.num_rows for figure in found]
    assert found[0].value == sum(row["key_client_count"] for row in screen.fetch("marts.key_managers").to_pylist())
    agenda = screen.fetch("marts.weekly_agenda").to_pylist()
    assert found[1].value == sum(row["section"] == "forgotten" for row in agenda)


def test_a_client_is_put_on_managements_list_taken_off_and_forgotten(opened, path):
    journal = Workspace(path).journal
    app = sound(opened("key", path))
    assert [metric.value for metric in app.metric][:2] == ["1", "1"]
    app.selectbox(key="key_client").set_value("2")
    app.text_input(key="key_reason").set_value("опора рынка").run()
    sound(app.button(key="key_list_add").click().run())
    assert journal.dictionary("key_list") == [{"client_id": "2", "is_listed": "1", "note": "опора рынка"}]
    assert app.metric[0].value == "2"
    app.selectbox(key="key_client").set_value("1").run()
    sound(app.button(key="key_list_off").click().run())
    assert app.metric[0].value == "1"
    assert [row["is_listed"] for row in journal.dictionary("key_list")] == ["1", "0"]


def test_a_column_of_ones_own_becomes_a_criterion(opened, path):
    app = sound(opened("key", path))
    assert app.multiselect(key="key_criteria").options == ["Экспортёр (да: 1)"]
    app.multiselect(key="key_criteria").set_value(["Экспортёр"]).run()
    (keep,) = [button for button in app.button if button.label == "Сохранить признаки"]
    sound(keep.click().run())
    assert Workspace(path).journal.dictionary("key_criteria") == [{"header": "Экспортёр", "note": ""}]
    (alpha,) = [row for row in Workspace(path).fetch("marts.key_clients").to_pylist() if row["client_id"] == "1"]
    assert (alpha["criteria_count"], alpha["own_criteria"]) == (1, "Экспортёр")

"""The life cycle screen: figures that are those of their rows, the sentence of each client, goals, moves, the backtest."""

import pytest

from kam.workspace import Workspace
from tests.pages.shown import sound, words


@pytest.mark.parametrize(("language", "word"), [("ru", "Загрузите свои выгрузки"), ("en", "Upload your exports")])
def test_empty_workspace_invites(opened, language, word):
    app = sound(opened("lifecycle", lang=language))
    assert word in words(app)
    assert len(app.metric) == 0


@pytest.mark.parametrize("language", ["ru", "en"])
def test_demo_shows_each_status_with_its_clients(opened, demo_path, language):
    app = sound(opened("lifecycle", demo_path, lang=language))
    ws = Workspace(demo_path)
    clients = ws.fetch("marts.lifecycle_clients")
    (summary,) = ws.fetch("marts.lifecycle_summary").to_pylist()
    ws.close()
    names = ("buying", "loyal", "drowsing", "asleep", "lost")
    assert [metric.value for metric in app.metric][:5] == [str(summary[f"{name}_count"]) for name in names]
    assert len(app.dataframe(key="table_clients").value) == clients.num_rows
    assert len(app.get("plotly_chart")) == 5


@pytest.mark.parametrize(
    ("language", "start"), [("ru", "дней без заказа при цикле"), ("en", "days without an order at a cycle of")]
)
def test_each_client_has_its_sentence(opened, demo_path, language, start):
    app = opened("lifecycle", demo_path, lang=language)
    sentences = list(app.dataframe(key="table_clients").value["why"])
    assert all(sentences)
    assert any(start in sentence for sentence in sentences)


def test_buttons_narrow_the_list_to_a_status(opened, demo_path):
    app = opened("lifecycle", demo_path)
    app.session_state["status_choice"] = "asleep"
    sound(app.run())
    assert set(app.dataframe(key="table_clients").value["status"]) == {"уснувший"}


def test_selected_row_opens_the_rule_with_its_values_and_its_order_lines(opened, demo_path):
    app = opened("lifecycle", demo_path)
    app.session_state["_asked_table_clients"] = True
    app.session_state["table_clients"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    sound(app.run())
    assert "Дней без заказа / цикл =" in words(app).replace("\\", "")


def test_backtest_of_a_year_is_that_of_its_clients(opened, demo_path):
    app = sound(opened("lifecycle", demo_path))
    ws = Workspace(demo_path)
    before = ws.default_as_of().replace(year=ws.default_as_of().year - 1)
    counts = [
        ws.fetch("marts.backtest_clients", before_on=before, outcome=outcome).num_rows
        for outcome in ("caught", "missed", "false_alarm")
    ]
    ws.close()
    assert [metric.value for metric in app.metric][5:] == [str(count) for count in counts]

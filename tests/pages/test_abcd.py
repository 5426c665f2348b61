"""The ABCD screen: what its classes rest on in words, figures that are those of their rows, a list that narrows."""

import json

import pytest

from kam.workspace import Workspace
from tests.pages.shown import sound, words


def rows(app, key):
    """The rows of a table by its key, as the reader's screen gets them."""
    return app.dataframe(key=f"table_{key}").value


@pytest.mark.parametrize(("language", "word"), [("ru", "Загрузите свои выгрузки"), ("en", "Upload your exports")])
def test_empty_workspace_invites(opened, language, word):
    app = sound(opened("abcd", lang=language))
    assert word in words(app)
    assert len(app.metric) == 0


@pytest.mark.parametrize(
    ("language", "basis", "gap"),
    [
        ("ru", "**Классы — по потенциалу и нашей доле:**", "Потенциал роста"),
        ("en", "**Classes rest on potential", "Growth potential"),
    ],
)
def test_demo_says_its_basis_and_shows_its_figures(opened, demo_path, language, basis, gap):
    app = sound(opened("abcd", demo_path, lang=language))
    assert basis in words(app)
    shown = {metric.label: metric.value for metric in app.metric}
    ws = Workspace(demo_path)
    clients = ws.fetch("marts.abcd_clients")
    ws.close()
    assert str(clients.num_rows) in shown.values()
    assert gap in shown
    assert len(rows(app, "clients")) == clients.num_rows
    assert len(app.get("plotly_chart")) == 3


def test_buttons_narrow_the_list_to_a_class(opened, demo_path):
    app = opened("abcd", demo_path)
    app.session_state["class_choice"] = "B"
    sound(app.run())
    ws = Workspace(demo_path)
    counts = {row["class"]: row["client_count"] for row in ws.fetch("marts.abcd_classes").to_pylist()}
    ws.close()
    assert set(rows(app, "clients")["class"]) == {"B"}
    assert len(rows(app, "clients")) == counts["B"]


def test_selected_row_opens_the_rule_with_its_values_and_its_order_lines(opened, demo_path):
    app = opened("abcd", demo_path)
    app.session_state["_asked_table_clients"] = True
    app.session_state["table_clients"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    sound(app.run())
    assert "% × P − R" in words(app).replace("\\", "")


def test_every_point_of_the_map_is_drawn_in_the_colour_of_its_class(opened, demo_path):
    app = opened("abcd", demo_path)
    spec = json.loads(app.get("plotly_chart")[0].proto.spec)
    assert [trace["name"] for trace in spec["data"]] == ["A+", "A", "B", "C", "D"]
    assert len({trace["marker"]["color"] for trace in spec["data"]}) == 5
    assert len([shape for shape in spec["layout"]["shapes"] if shape["type"] == "line"]) == 2


@pytest.mark.parametrize("choice", ["quarter", "month", "own"])
def test_earlier_date_of_the_moves_can_be_chosen(opened, demo_path, choice):
    app = opened("abcd", demo_path)
    app.session_state["before"] = choice
    sound(app.run())


def test_changed_norm_is_seen_at_once(opened, demo_copy):
    app = opened("abcd", demo_copy)
    before = [metric.value for metric in app.metric]
    ws = Workspace(demo_copy)
    ws.journal.set_norm("gap_target", "0.9")
    ws.close()
    assert [metric.value for metric in sound(app.run()).metric] != before

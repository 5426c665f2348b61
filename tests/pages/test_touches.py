"""The touches page: figures equal to the rows behind them, a rule made of an unrecognised wording and taken back."""

from __future__ import annotations

import pytest

from kam.ui import rule_maker, touching
from kam.workspace import Workspace
from tests.pages.shown import sound, words


@pytest.mark.parametrize("language", ["ru", "en"])
def test_page_comes_to_its_end_in_both_languages(opened, demo_path, language):
    app = sound(opened("touches", demo_path, lang=language))
    assert len(app.metric) == 6
    assert len(app.get("plotly_chart")) == 5


def test_empty_workspace_invites(opened):
    app = sound(opened("touches"))
    assert len(app.metric) == 0
    assert "Загрузите свои выгрузки" in words(app)


def test_without_a_touches_sheet_the_page_names_it(opened, world):
    world.given("orders", "client | date | amount\n1 | 2026-03-01 | 5")
    world.build()
    app = sound(opened("touches", world.workspace.path))
    assert "касания" in " ".join(info.value for info in app.info)
    assert len(app.metric) == 0


def test_figures_are_those_of_the_rows_behind_them(opened, demo_path):
    app = sound(opened("touches", demo_path))
    shown = [metric.value for metric in app.metric]
    ws = Workspace(demo_path)
    as_of = ws.default_as_of()
    rows = ws.fetch("marts.touch_clients", as_of=as_of, scope="measured").to_pylist()
    served = [row for row in rows if row["is_served"]]
    contacts = ws.fetch("marts.evidence_compliance", as_of=as_of, contacts=True).to_pylist()
    intervals = ws.fetch("marts.evidence_preorders", as_of=as_of).to_pylist()
    ws.close()
    assert shown[0] == f"{len(served) / len(rows):.0%}".replace("%", "\u00a0%")
    assert shown[2] == str(sum(row["owed_count"] for row in rows))
    assert shown[3] == f"{sum(row['is_personal'] for row in contacts) / len(contacts):.0%}".replace("%", "\u00a0%")
    assert shown[4] == f"{sum(row['touched_on'] is not None for row in intervals) / len(intervals):.0%}".replace("%", "\u00a0%")


def test_figure_opens_its_rows(opened, demo_path):
    app = opened("touches", demo_path)
    before = len(app.dataframe)
    next(button for button in app.button if button.key == "figures_0").click().run()
    assert len(sound(app).dataframe) == before + 1
    assert {"file", "sheet", "row_number"} <= set(app.dataframe[-1].value.columns)


def test_rule_made_of_a_wording_moves_the_figures_and_is_taken_back(opened, demo_copy):
    app = opened("touches", demo_copy)
    ws = Workspace(demo_copy)
    shipped = ws.dictionary("touch_rules")
    unknown = ws.fetch("marts.unrecognised_touches")
    first = unknown.to_pylist()[0]
    app.session_state["unrecognised_0"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app.run()
    kind = next(box for box in app.selectbox if box.label == "Вид касания")
    kind.select("need").run()
    next(button for button in app.button if button.label == "Сделать правило").click().run()
    sound(app)
    assert ws.fetch("marts.unrecognised_touches").num_rows == unknown.num_rows - 1
    made = [rule for rule in ws.dictionary("touch_rules") if rule["words"] == first["wording"] and rule["type"] == first["type"]]
    assert [rule["kind"] for rule in made] == ["need"]
    assert "Правило добавлено" in words(app)
    next(button for button in app.button if button.label == "Отменить").click().run()
    assert ws.fetch("marts.unrecognised_touches").num_rows == unknown.num_rows
    assert len(ws.dictionary("touch_rules")) == len(shipped)
    ws.close()


def test_rule_of_a_wording_names_its_channel_and_type():
    row = {"channel": "", "type": "Звонок", "wording": "бла бла"}
    rule = rule_maker.rule_of(row, "standard", "r3")
    assert {name: rule[name] for name in ("kind", "reason", "channel", "type", "words")} == {
        "kind": "standard", "reason": "r3", "channel": "", "type": "Звонок", "words": "бла бла",
    }  # fmt: skip
    assert rule_maker.without([rule, {**rule, "kind": "need"}], rule) == [{**rule, "kind": "need"}]


def test_clicked_bar_opens_the_clients_of_its_group(demo_path):
    class Screen:
        """What the makers of evidence take of a screen."""

        from kam.i18n import translator

        t = translator("ru")
        ws = Workspace(demo_path)

        def fetch(self, mart, **params):
            return self.ws.fetch(mart, **params)

    screen = Screen()
    groups = screen.fetch("marts.touch_groups")
    row = next(row for row in groups.to_pylist() if row["dimension"] == "manager" and row["group_name"])
    evidence = touching.group_point(screen, groups, {"customdata": ["manager", row["group_name"]]})
    assert evidence.title == row["group_name"]
    assert evidence.rows().num_rows == row["measured_count"]
    norms = screen.fetch("marts.touch_norm")
    assert touching.kind_point(screen, norms, {"customdata": "need"}).rows.num_rows == touching.summary(groups)["measured_count"]
    kinds = screen.fetch("marts.touch_kind_counts")
    for row in kinds.to_pylist():
        assert touching.log_point(screen, kinds, {"customdata": [row["kind"], ""]}).rows.num_rows == row["touch_count"]
    reasons = screen.fetch("marts.touch_reasons")
    for row in reasons.to_pylist()[:3]:
        assert touching.reason_point(screen, reasons, {"customdata": row["reason"]}).rows().num_rows == row["touch_count"]
    assert touching.group_point(screen, groups, {}) is None
    screen.ws.close()

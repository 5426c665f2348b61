"""Norms on the screen: shown with default and origin, tried before they are saved, kept over a restart, taken back."""

import pytest

from kam import norms
from kam.workspace import Workspace
from tests.pages.shown import sound, words


def typed(app, section, key, text):
    keys = [norm.key for norm in norms.load_norms().values() if f"(METHOD {section}" in norm.note]
    edits = {"edited_rows": {keys.index(key): {"value": text}}, "added_rows": [], "deleted_rows": []}
    app.session_state[f"norms_g{section}_0"] = edits
    return app.run()


def press(app, label):
    next(button for button in app.button if button.label == label).click()
    return app.run()


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_norm_is_shown_even_in_an_empty_workspace(opened, language):
    app = sound(opened("settings", lang=language))
    assert sum(len(table.value) for table in app.dataframe) == len(norms.load_norms())


def test_effect_is_shown_before_anything_is_saved(opened, demo_copy):
    app = sound(typed(opened("settings", demo_copy), 2, "compliance_near", "0,5"))
    assert "было 0,8, станет 0,5" in words(app).replace("\\", "")
    shifts = app.dataframe[-1].value
    assert "почти" in set(shifts["after"]) | set(shifts["before"])
    ws = Workspace(demo_copy)
    assert ws.journal.norms() == {}
    ws.close()


def test_saved_norm_is_in_force_and_survives_a_restart(opened, demo_copy):
    app = press(typed(opened("settings", demo_copy), 2, "compliance_near", "0,5"), "Сохранить")
    sound(app)
    ws = Workspace(demo_copy)
    assert ws.norms()["compliance_near"] == 0.5
    ws.close()
    sound(opened("settings", demo_copy))


def test_cleared_value_goes_back_to_the_default(opened, demo_copy):
    ws = Workspace(demo_copy)
    ws.journal.set_norm("compliance_near", "0.5")
    sound(press(typed(opened("settings", demo_copy), 2, "compliance_near", ""), "Сохранить"))
    assert ws.journal.norms() == {}
    ws.close()


def test_value_that_a_norm_does_not_take_is_said_and_cannot_be_saved(opened, demo_copy):
    app = typed(opened("settings", demo_copy), 2, "compliance_near", "почти всё")
    assert len(app.error) == 1
    assert [button.label for button in app.button if button.label == "Сохранить"] == []


def test_all_defaults_come_back_at_once(opened, demo_copy):
    ws = Workspace(demo_copy)
    ws.journal.set_norm("compliance_near", "0.5")
    sound(press(opened("settings", demo_copy), "Да, вернуть умолчания"))
    assert ws.journal.norms() == {}
    assert len(ws.journal.changes("norm")) == 2
    ws.close()

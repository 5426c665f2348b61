"""Touch rules on the screen: edited, ordered, checked, brought back, started from an unrecognised activity."""

import pytest

from kam.errors import KamError
from kam.ui.rules_editor import ordered
from kam.workspace import Workspace, shipped_dictionary
from tests.pages.shown import sound, words


def press(app, label):
    next(button for button in app.button if button.label == label).click()
    return app.run()


@pytest.mark.parametrize("language", ["ru", "en"])
def test_rules_are_shown_even_in_an_empty_workspace(opened, language):
    app = sound(opened("rules", lang=language))
    assert len(app.dataframe[0].value) == len(shipped_dictionary("touch_rules"))


def test_deleted_and_added_rules_are_kept_and_brought_back(opened, demo_copy):
    app = opened("rules", demo_copy)
    added = [{"position": 5, "kind": "need", "words": "что возьмёте"}]
    app.session_state["rules_0"] = {"edited_rows": {}, "added_rows": added, "deleted_rows": [0]}
    sound(press(app.run(), "Сохранить правила"))
    ws = Workspace(demo_copy)
    kept = ws.dictionary("touch_rules")
    assert len(kept) == len(shipped_dictionary("touch_rules"))
    assert (kept[0]["position"], kept[0]["kind"], kept[0]["words"]) == ("10", "need", "что возьмёте")
    app = sound(opened("rules", demo_copy))
    assert "Действуют ваши правила." in words(app)
    sound(press(app, "Да, вернуть исходные"))
    assert ws.journal.dictionary("touch_rules") is None
    ws.close()


def test_saving_what_is_shipped_keeps_no_rules_of_ones_own(opened, demo_copy):
    sound(press(opened("rules", demo_copy), "Сохранить правила"))
    ws = Workspace(demo_copy)
    assert ws.journal.dictionary("touch_rules") is None
    ws.close()


def test_unrecognised_activity_becomes_a_rule_in_one_click(opened, demo_copy):
    app = sound(opened("rules", demo_copy, channel="Мессенджер", words="поздравил"))
    next(box for box in app.selectbox if box.label == "Считается как").select("standard")
    sound(press(app.run(), "Добавить правило"))
    ws = Workspace(demo_copy)
    first = ws.dictionary("touch_rules")[0]
    assert (first["channel"], first["words"], first["kind"]) == ("Мессенджер", "поздравил", "standard")
    ws.close()


def test_order_is_by_number_and_numbered_anew():
    rows = [{"position": 20, "kind": "need", "words": "b"}, {"position": 10.5, "kind": "deal", "type": "a"}, {"position": 3}]
    assert [(rule["position"], rule["kind"]) for rule in ordered(rows)] == [("10", "deal"), ("20", "need")]


@pytest.mark.parametrize(
    ("row", "key"),
    [
        ({"position": 1, "words": "a"}, "rules.incomplete"),
        ({"position": 1, "kind": "звонок", "words": "a"}, "rules.invalid_kind"),
        ({"position": 1, "kind": "need", "note": "a"}, "rules.no_condition"),
        ({"position": 1, "kind": "need", "words": " | "}, "rules.no_condition"),
    ],
)
def test_rule_that_cannot_work_is_said(row, key):
    with pytest.raises(KamError) as mistake:
        ordered([row])
    assert mistake.value.key == key

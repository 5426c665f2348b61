"""The glossary page: every measure in both languages, searched, with the norms in force."""

from __future__ import annotations

import pytest

from kam import glossary
from kam.workspace import Workspace
from tests.pages.shown import sound, words


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_measure_stands_in_both_languages(opened, demo_path, language):
    app = sound(opened("glossary", demo_path, lang=language))
    assert len(app.expander) == len(glossary.entries(language))


def test_it_works_before_anything_is_loaded(opened):
    assert len(sound(opened("glossary")).expander) == len(glossary.entries("ru"))


def test_a_search_is_kept_in_the_address_and_opens_what_it_finds(opened, demo_path):
    app = opened("glossary", demo_path)
    app.text_input(key="words").set_value("Гребень").run()
    sound(app)
    assert app.query_params["words"] == "Гребень"
    assert len(app.expander) == 1 and app.expander[0].proto.expanded
    again = opened("glossary", demo_path, words="Гребень")
    assert len(again.expander) == 1


def test_nothing_found_says_what_to_do(opened, demo_path):
    app = sound(opened("glossary", demo_path, words="щщщ"))
    assert "уберите поиск" in app.info[-1].value
    assert not app.expander


def test_a_norm_is_shown_with_its_value_in_force(opened, demo_copy):
    shown = words(opened("glossary", demo_copy, words="потенциал роста"))
    assert "**0,7**" in shown
    ws = Workspace(demo_copy)
    ws.journal.set_norm("gap_target", "0.9")
    ws.close()
    shown = words(opened("glossary", demo_copy, words="потенциал роста"))
    assert "**0,9**" in shown

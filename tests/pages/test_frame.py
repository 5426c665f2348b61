"""The frame: mistakes in words, never a traceback; language and help on every page; hostile names stay text."""

import pytest
import streamlit as st

from kam.errors import KamError
from kam.ui import menu, opening
from kam.ui.frame import Screen
from tests.pages.shown import sound, words

PAGES = [name for group in menu.MENU for name in group.pages if menu.exists(name)]


@pytest.mark.parametrize("page", PAGES)
def test_page_opens_on_the_demo_and_on_nothing(opened, demo_path, page):
    sound(opened(page, demo_path, lang="en"))
    sound(opened(page))


def test_mistake_that_the_user_can_mend_is_said_in_words(opened, demo_path, monkeypatch):
    def fail(*_):
        raise KamError("errors.zero_bytes", file="![x](http://evil)")

    monkeypatch.setattr(Screen, "fetch", fail)
    app = opened(path=demo_path)
    (error,) = app.error
    assert "пуст" in error.value
    assert "\\!\\[x\\]" in error.value
    assert [exception.value for exception in app.exception] == []


def test_anything_else_is_a_sentence_with_a_number_that_leads_to_the_log(opened, demo_path, monkeypatch, caplog):
    def fail(*_):
        raise ValueError("secret")

    monkeypatch.setattr(Screen, "fetch", fail)
    app = opened(path=demo_path, lang="en")
    (error,) = app.error
    assert "secret" not in str(app.main)
    reference = error.value.split("number ")[1][:8]
    assert reference in caplog.text
    assert [exception.value for exception in app.exception] == []


def test_failure_inside_a_dialog_is_said_inside_the_dialog(opened, demo_path, monkeypatch):
    def fail(*_, **__):
        raise ValueError("secret")

    app = opened(path=demo_path)
    monkeypatch.setattr("kam.ui.overview._overdue", fail)
    app.button(key="figures_4").click().run()
    assert len(app.error) == 1
    assert len(app.metric) == 5
    assert [exception.value for exception in app.exception] == []


def test_workspace_that_cannot_be_opened_still_has_a_menu_and_a_sentence(opened, tmp_path):
    broken = tmp_path / "file"
    broken.write_text("not a folder")
    app = opened(path=broken)
    assert len(app.error) == 1
    assert [exception.value for exception in app.exception] == []


def test_page_without_its_table_says_which_sheet_to_upload(opened, demo_path, monkeypatch):
    st.cache_data.clear()
    monkeypatch.setattr(opening, "extent", lambda ws: opening.Extent(frozenset({"clients"}), None, "RUB"))
    app = opened(path=demo_path)
    assert "нужен лист: заказы" in words(app)
    assert len(app.metric) == 0

"""The frame: mistakes in words, never a traceback; language and help on every page; hostile names stay text."""

import pytest
import streamlit as st

from kam import imports, log
from kam.errors import KamError
from kam.ui import deciding, menu, opening
from kam.ui.frame import Screen
from kam.workspace import Workspace
from tests.pages.shown import sound, words

PAGES = [name for group in menu.MENU for name in group.pages if menu.exists(name)]


@pytest.mark.parametrize("page", PAGES)
def test_page_opens_on_the_demo_and_on_nothing(opened, demo_path, page):
    sound(opened(page, demo_path, lang="en"))
    sound(opened(page))


ALONE = {
    "clients": "Код;Название;Менеджер\n1;«Ромашка»;Иванова\n2;«Лютик»;\n",
    "orders": "Клиент;Дата;Сумма;Номер\n«Ромашка»;31.01.2026;100;1\n«Лютик»;28.02.2026;-5;2\n",
    "touches": "Клиент;Дата касания;Канал;Тема;Менеджер\n«Ромашка»;31.01.2026;звонок;новинки;Иванова\n",
    "promises": "Клиент;Обещание;Срок;Ответственный;Дата обещания\n«Ромашка»;прислать;31.01.2026;Иванова;01.01.2026\n",
}


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """Workspaces with one table each, by the table's name."""
    folder = tmp_path_factory.mktemp("alone")
    for table, content in ALONE.items():
        (folder / f"{table}.csv").write_text(content, encoding="utf-8")
        ws = Workspace(folder / table)
        (report,) = imports.load(ws, [imports.Upload(f"{table}.csv", folder / f"{table}.csv")], tables=table)
        assert report.rows_loaded > 0, report.error
        ws.close()
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("table", list(ALONE))
@pytest.mark.parametrize("page", [name for name in PAGES if name not in ("upload", "settings", "rules")])
def test_page_with_one_table_alone_shows_what_it_can_or_says_what_it_needs(opened, alone, page, table):
    sound(opened(page, alone / table))


def test_mistake_that_the_user_can_mend_is_said_in_words(opened, demo_path, monkeypatch):
    def fail(*_):
        raise KamError("errors.zero_bytes", file="![x](http://evil)")

    monkeypatch.setattr(Screen, "fetch", fail)
    app = opened(path=demo_path)
    (error,) = app.error
    assert "пуст" in error.value
    assert "\\!\\[x\\]" in error.value
    assert [exception.value for exception in app.exception] == []


def test_anything_else_is_a_sentence_with_a_number_that_leads_to_the_log(opened, demo_copy, monkeypatch, caplog):
    def fail(*_):
        try:
            raise KeyError("ООО «Ромашка»")
        except KeyError as error:
            raise ValueError("Ромашка owes 1234567.89") from error

    monkeypatch.setattr(Screen, "fetch", fail)
    app = opened(path=demo_copy, lang="en")
    (error,) = app.error
    reference = error.value.split("number ")[1][:8]
    written = log.path(demo_copy).read_text(encoding="utf-8")
    assert f"failure {reference} on a screen" in written
    assert "builtins.ValueError" in written and "caused by builtins.KeyError" in written and "test_frame.py" in written
    for text in (written, str(app.main), caplog.text):
        assert "Ромашка" not in text and "1234567" not in text
    assert [exception.value for exception in app.exception] == []


def test_failure_inside_a_dialog_is_said_inside_the_dialog(opened, demo_copy, monkeypatch):
    def fail(*_, **__):
        raise ValueError("secret")

    app = opened(path=demo_copy)
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


def test_failure_of_a_widget_of_any_page_is_said_under_its_head_and_the_page_stands(opened, world, monkeypatch):
    world.given("orders", "client | date | amount\n1 | 2026-03-01 | 5")
    world.build()

    def broken(form):
        raise ValueError("Ромашка")

    monkeypatch.setattr(deciding, "toggle", broken)
    app = sound(opened("review", world.workspace.path))
    app.button(key="open_decide_general").click()
    app.run()
    assert [exception.value for exception in app.exception] == []
    (error,) = app.error
    assert error.value.startswith("Что-то пошло не так")
    assert log.path(world.workspace.path).is_file()

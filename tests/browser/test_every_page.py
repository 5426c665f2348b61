"""Every page of the menu in both languages and themes, on the demo and on nothing: whole, silent, in words.

A tab walks through the menu as a reader does: a full load for each page would take ten times as long.
"""

import pytest

from kam.i18n import translator
from kam.ui import menu

PAGES = [name for group in menu.MENU for name in group.pages if menu.exists(name)]
VIEWS = [("ru", "light"), ("en", "dark")]


def walk(reader, server, language, name):
    """Opens the overview and goes from page to page; each must stand whole before the next is asked for."""
    t = translator(language)
    reader.open(server, lang=language)
    for page in PAGES:
        reader.follow(t(f"{page}.menu"))
        assert reader.tab.locator("h1").inner_text() == t(f"{page}.title")
        reader.shot(f"{page}-{language}-{name}")
        reader.sound()


@pytest.mark.parametrize(("language", "reader"), VIEWS, indirect=["reader"])
def test_pages_are_whole_on_the_demo(demo_server, reader, language):
    walk(reader, demo_server, language, "demo")


@pytest.mark.slow
@pytest.mark.parametrize(("language", "reader"), VIEWS, indirect=["reader"])
def test_pages_are_whole_on_an_empty_workspace(empty_server, reader, language):
    walk(reader, empty_server, language, "empty")


@pytest.mark.slow
@pytest.mark.parametrize("page", [name for name in PAGES if name != "home"])
def test_page_opens_by_its_own_address(empty_server, reader, page):
    reader.open(empty_server, page)
    assert reader.tab.locator("h1").inner_text() == translator("ru")(f"{page}.title")
    reader.sound()

"""Every page of the menu in both languages and themes, on the demo and on nothing: whole, silent, in words."""

import pytest

from kam.ui import menu

PAGES = [name for group in menu.MENU for name in group.pages if menu.exists(name)]


@pytest.mark.parametrize(("language", "reader"), [("ru", "light"), ("en", "dark")], indirect=["reader"])
@pytest.mark.parametrize("page", PAGES)
def test_page_is_whole_on_the_demo(demo_server, reader, page, language):
    reader.open(demo_server, page, lang=language)
    reader.shot(f"{page}-{language}-demo")
    reader.sound()


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_page_is_whole_on_an_empty_workspace(empty_server, reader, page, language):
    reader.open(empty_server, page, lang=language)
    reader.shot(f"{page}-{language}-empty")
    reader.sound()

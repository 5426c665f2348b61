"""The office mode in a browser: sign in, walk through the pages under the product's own policy, sign out, go back."""

from __future__ import annotations

import pytest

from kam.access import User
from kam.gate import Users, passwords
from kam.gate.office import VARIABLE
from kam.gate.users import Entry
from kam.i18n import translator
from tests.browser.test_hostile_names import NOTE_VIOLATIONS

PASSWORD = "a long password"
PAGES = ("home", "lifecycle", "explore", "sql", "upload", "settings")  # charts, a pivot, the editor, a place to drop files, forms
STANDS = (
    '() => !!document.querySelector(\'[data-testid="stApp"][data-test-script-state="notRunning"]\')'
    " && !document.querySelector('[data-testid=\"stSkeleton\"]') && !document.querySelector('[data-stale=\"true\"]')"
)


@pytest.fixture(scope="module")
def office(serve, demo_server, tmp_path_factory):
    """The app over the demo with one user, a director."""
    path = tmp_path_factory.mktemp("office") / "users.toml"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "COST", 2**4)
        Users(path).add(Entry(User("Анна Ветрова", "director"), passwords.hashed(PASSWORD)))
        patch.setenv(VARIABLE, str(path))
        return serve(demo_server.workspace)


@pytest.fixture
def visitor(chromium):
    """A tab that notes violations; its driver waits without eval, which the policy forbids."""
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="ru-RU")
    context.add_init_script(NOTE_VIOLATIONS)
    yield context.new_page()
    context.close()


def stands(tab):
    for _ in range(600):
        if tab.evaluate(STANDS):
            return
        tab.wait_for_timeout(100)
    raise AssertionError("the page never came to rest")


def sign_in(tab, password=PASSWORD):
    tab.fill("#name", "Анна Ветрова")
    tab.fill("#password", password)
    with tab.expect_navigation():
        tab.get_by_role("button").click()


def test_reader_signs_in_sees_pages_without_a_violation_and_signs_out(office, visitor):
    t = translator("ru")
    assert visitor.goto(f"{office.url}/abcd?lang=ru").status == 401
    sign_in(visitor, "wrong")
    assert t("gate.wrong") in visitor.inner_text("main")
    sign_in(visitor)
    assert visitor.url == f"{office.url}/abcd?lang=ru"
    stands(visitor)
    for page in PAGES:
        visitor.locator('[data-testid="stSidebar"]').get_by_role("link", name=t(f"{page}.menu"), exact=True).click()
        visitor.wait_for_timeout(300)
        stands(visitor)
        assert visitor.locator("h1").inner_text() == t(f"{page}.title")
    assert visitor.evaluate("() => window.violations") == []
    assert visitor.locator(".kam-who").inner_text().split("\n") == ["Анна Ветрова", "директор", "Выйти"]
    with visitor.expect_navigation():
        visitor.locator(".kam-who button").click()
    assert t("gate.enter") in visitor.inner_text("main")
    visitor.go_back()
    assert visitor.locator('[data-testid="stApp"]').count() == 0
    assert t("gate.enter") in visitor.inner_text("main")

"""Names that would act, in a real browser under a strict policy: no request, no element, no script of theirs."""

from __future__ import annotations

import pytest

from kam.i18n import translator
from kam.ui import menu
from tests import hostile_names

PAGES = [name for group in menu.MENU for name in group.pages if menu.exists(name)]
NOTE_VIOLATIONS = """
window.violations = [];
document.addEventListener('securitypolicyviolation',
  event => window.violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}`));
"""
INJECTED = """() => [
  ...document.querySelectorAll('img[src*="evil"], a[href*="evil"], a[href^="javascript"], iframe, [onload], [onerror], body svg[onload]'),
  ...[...document.querySelectorAll('style')].filter(one => one.textContent.includes('*{display:none}')),
  ...[...document.querySelectorAll('script')].filter(one => one.textContent.includes('pwned')),
  ...[...document.querySelectorAll('.katex')],
].map(one => one.outerHTML.slice(0, 200))"""


@pytest.fixture(scope="module")
def hostile_server(serve, once):
    return serve(once("hostile", hostile_names.fill))


@pytest.fixture
def guarded(reader):
    """A reader whose browser notes what the product's own policy forbids."""
    reader.tab.add_init_script(NOTE_VIOLATIONS)
    reader.tab.on("dialog", lambda dialog: reader.troubles.append(f"dialog: {dialog.message}"))
    return reader


def harmless(reader):
    assert reader.strangers == []
    assert reader.tab.evaluate(INJECTED) == []
    assert "pwned" not in reader.tab.title()
    assert reader.tab.evaluate("() => window.violations") == []
    assert not [one for one in reader.troubles if one.startswith("dialog")]
    assert reader.tab.locator('[data-testid="stAlertContentError"]').count() == 0, reader.words()


@pytest.mark.slow  # a minute; tests/pages reads every page with these names, cards and dialogs are below
def test_no_name_acts_on_any_page(hostile_server, guarded):
    t = translator("en")
    guarded.open(hostile_server, lang="en")
    for page in PAGES:
        guarded.follow(t(f"{page}.menu"))
        guarded.shot(f"{page}-hostile")
        harmless(guarded)


MORE = [pytest.param(client, marks=pytest.mark.slow) for client in ("c11", "c17", "c33", "c39")]


@pytest.mark.parametrize("client", ["<b>bold</b> <i>it</i><br>line", *MORE])
def test_no_name_acts_on_a_card(hostile_server, guarded, client):
    guarded.open(hostile_server, "client", lang="en", client=client)
    guarded.tab.mouse.move(600, 560)
    guarded.tab.wait_for_timeout(300)
    guarded.shot(f"card-hostile-{client[:3]}")
    harmless(guarded)


def test_no_name_acts_in_a_hover_or_in_a_dialog(hostile_server, guarded):
    guarded.open(hostile_server, "abcd", lang="en")
    for point in guarded.tab.locator(".scatterlayer .point").all()[:40]:
        point.hover(force=True)
    guarded.shot("hover-hostile")
    harmless(guarded)
    guarded.tab.get_by_role("button", name=translator("en")("evidence.button")).first.click()
    guarded.settle()
    guarded.shot("dialog-hostile")
    harmless(guarded)

"""Names of clients and files are shown to the letter and do nothing."""

import re

import pytest

from kam.ui.text import escape, escape_facts, upright


@pytest.mark.parametrize(
    "hostile",
    ["![x](http://evil/a.png)", "<script>alert(1)</script>", "**b**", "$x^2$", ":red[x]", "`code`", "# h", "a | b"],
)
def test_markup_loses_its_power(hostile):
    safe = escape(hostile)
    assert safe.replace("\\", "").replace("\u2060", "") == hostile
    for sign in "![]()<>*$:`#|":
        assert sign not in safe.replace(f"\\{sign}", "")


def test_invisible_and_turning_signs_are_spaces():
    assert escape("a\u202eb\u200bc\nd") == "a b c d"


def test_plain_names_stay_as_they_are():
    assert escape("ООО «Ромашка»") == "ООО «Ромашка»"
    assert escape(None) == ""


def test_facts_that_are_no_text_keep_their_type():
    assert escape_facts({"count": 5, "name": "*"}) == {"count": 5, "name": "\\*"}


def test_text_beside_others_cannot_turn_them():
    assert upright("invoice\u202excod.exe") == "invoicexcod.exe"
    assert upright("<b> $x$") == "<b> $x$"


@pytest.mark.parametrize("address", ["http://evil.test/x", "HTTPS://evil.test", "see www.evil.test", "user@evil.test"])
def test_bare_address_is_no_link_even_without_its_backslashes(address):
    shown = escape(address).replace("\\", "")
    assert shown.replace("\u2060", "") == address
    assert not re.search(r"https?://|www\.|[\w]@", shown, re.IGNORECASE)

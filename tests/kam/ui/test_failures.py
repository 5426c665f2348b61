"""Failures of what runs apart from a page: a widget's callback, a dialog. Said once, with a number; the log has no data."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from kam import log


def app_with_callbacks() -> None:
    import streamlit as st

    from kam.errors import KamError
    from kam.i18n import translator
    from kam.ui import failures

    def broken(name: str, number: int = 0) -> None:
        st.session_state["before"] = name
        raise ValueError(f"{name} owes {number}")

    def refused() -> None:
        raise KamError("errors.question_taken", name="<b>")

    with failures.said(translator("en")):
        st.button("broken", key="broken", on_click=failures.guarded(broken), args=("Ромашка",), kwargs={"number": 5})
        st.button("refused", key="refused", on_click=failures.guarded(refused))
        st.button("fine", key="fine", on_click=failures.guarded(lambda: st.session_state.update(done=1)))
        st.text("the page goes on")


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AppTest:
    monkeypatch.setenv("KAM_WORKSPACE", str(tmp_path))
    return AppTest.from_function(app_with_callbacks, default_timeout=30).run()


def test_unforeseen_failure_of_a_callback_is_a_number_for_the_log_and_the_page_goes_on(app, tmp_path):
    app.button(key="broken").click().run()
    assert [one.value for one in app.exception] == [] and [one.value for one in app.text] == ["the page goes on"]
    (error,) = app.error
    reference = re.search(r"\b[0-9a-f]{8}\b", error.value)
    assert error.value.startswith("Something went wrong") and reference is not None
    written = log.path(tmp_path).read_text(encoding="utf-8")
    assert f"failure {reference[0]} on a screen" in written and "builtins.ValueError" in written and "broken" in written
    assert "Ромашка" not in written and "Ромашка" not in error.value
    assert app.session_state["before"] == "Ромашка"


def test_failure_is_said_once(app):
    app.button(key="broken").click().run()
    assert len(app.error) == 1
    assert len(app.run().error) == 0


def test_mistake_that_can_be_mended_is_its_sentence_and_leaves_no_log(app, tmp_path):
    app.button(key="refused").click().run()
    (error,) = app.error
    assert error.value == "There is a question “\\<b\\>” already: give this one another name."
    assert not log.path(tmp_path).exists()


def test_callback_that_does_not_fail_says_nothing(app):
    app.button(key="fine").click().run()
    assert len(app.error) == 0 and app.session_state["done"] == 1

"""Failures in the reader's words: a mistake that can be mended as its sentence, anything else with a number for the log.

A page's own failures are caught by its frame. What runs apart from it is caught where it runs: a dialog inside `said`, a
widget's callback by `guarded`, whose failure is said when the page, or the dialog, is drawn next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import streamlit as st

from kam import log
from kam.errors import KamError
from kam.i18n import Translator, translator
from kam.ui import opening
from kam.ui.text import escape_facts

LEFT = "_failure"


def say(error: Exception, t: Translator) -> None:
    """Shows the sentence of a failure; one that nobody foresaw goes to the log under the number shown."""
    if isinstance(error, KamError):
        st.error(t(error.key, **escape_facts(dict(error.facts))), icon=":material/error:")
        return
    reference = log.failure(error, opening.workspace_path(), "a screen")
    st.error(t("frame.unforeseen", reference=reference), icon=":material/error:")


def unforeseen(error: Exception) -> bool:
    """For what fails outside of all that is guarded: the log and a sentence instead of Streamlit's own words."""
    say(error, translator(str(st.session_state.get("lang", ""))))
    return True


def guarded(callback: Callable[..., Any]) -> Callable[..., None]:
    """A callback of a widget that leaves its failure to be said: it runs before the page, where nothing catches it."""

    @wraps(callback)
    def run(*given: Any, **named: Any) -> None:
        try:
            callback(*given, **named)
        except Exception as error:
            st.session_state[LEFT] = error

    return run


def say_left(t: Translator) -> None:
    """Says what a callback left, once."""
    error = st.session_state.pop(LEFT, None)
    if error is not None:
        say(error, t)


@contextmanager
def said(t: Translator) -> Iterator[None]:
    """What fails inside is said instead of raised: for parts that run on their own, such as a dialog."""
    try:
        say_left(t)
        yield
    except Exception as error:
        say(error, t)

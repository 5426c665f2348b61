"""Failures in the reader's words: a mistake that can be mended as its sentence, anything else with a number for the log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from kam import log
from kam.errors import KamError
from kam.i18n import Translator, translator
from kam.ui import opening
from kam.ui.text import escape_facts


def say(error: Exception, t: Translator) -> None:
    """Shows the sentence of a failure; one that nobody foresaw goes to the log under the number shown."""
    if isinstance(error, KamError):
        st.error(t(error.key, **escape_facts(dict(error.facts))), icon=":material/error:")
        return
    reference = log.failure(error, opening.workspace_path(), "a screen")
    st.error(t("frame.unforeseen", reference=reference), icon=":material/error:")


def unforeseen(error: Exception) -> bool:
    """For what fails outside of a page's frame, such as a callback: the log and a sentence instead of Streamlit's own words."""
    say(error, translator(str(st.session_state.get("lang", ""))))
    return True


@contextmanager
def said(t: Translator) -> Iterator[None]:
    """What fails inside is said instead of raised: for parts that run on their own, such as a dialog."""
    try:
        yield
    except Exception as error:
        say(error, t)

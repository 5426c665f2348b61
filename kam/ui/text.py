"""Hostile text made harmless: names of clients, files and people are data, never markup."""

from __future__ import annotations

import re

# Everything markdown, LaTeX, HTML or Streamlit's :directives: could see; a backslash makes each literal.
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:&\"'^=/@])")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
# Bare addresses become links after the backslashes are gone: a joiner, which has no width, keeps them from being one word.
_ADDRESS = re.compile(r"(?<=http)(?=s?://)|(?<=www)(?=\.)|(?<=\S)(?=@)", re.IGNORECASE)
_JOINER = "\u2060"


def escape(text: object) -> str:
    """Any text as it must be put into st.markdown, a label or a tooltip: shown to the letter, doing nothing."""
    flat = _CONTROL.sub(" ", "" if text is None else str(text))
    return _SPECIAL.sub(r"\\\1", _ADDRESS.sub(_JOINER, flat))


def upright(text: object) -> str:
    """A text of the data as it may stand beside others in plain text: it cannot turn the direction of what follows."""
    return _CONTROL.sub("", str(text))


def escape_facts(facts: dict[str, object]) -> dict[str, object]:
    """Facts of a sentence with its texts escaped; numbers and dates are left for the translator to write."""
    return {name: escape(value) if isinstance(value, str) else value for name, value in facts.items()}

"""The glossary: data/glossary.toml read, one entry a measure, in either language. Knows no screen and no value in force."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).resolve().parent.parent / "data" / "glossary.toml"


@dataclass(frozen=True)
class Entry:
    """A measure: name, what it says (words), its formula; the norms it hangs on, the pages it is seen on, the marts it comes from."""

    code: str
    section: int
    name: str
    words: str
    formula: str
    norms: tuple[str, ...]
    pages: tuple[str, ...]
    marts: tuple[str, ...]


@cache
def entries(language: str) -> tuple[Entry, ...]:
    """Every measure in the words of a language, by the sections of the method. KeyError: an entry lacks the language."""
    with FILE.open("rb") as file:
        raw = tomllib.load(file)["entries"]
    made = (
        Entry(
            one["code"], one["section"], **one[language],
            norms=tuple(one["norms"]), pages=tuple(one["pages"]), marts=tuple(one["marts"]),
        )
        for one in raw
    )  # fmt: skip
    return tuple(sorted(made, key=lambda entry: entry.section))


def found(every: Sequence[Entry], words: str, norm_word: Callable[[str], str]) -> list[Entry]:
    """The entries that hold each of the words somewhere, in their norms too; case and ё aside, those named so first."""
    sought = _folded(words).split()
    hits = [entry for entry in every if all(word in _text(entry, norm_word) for word in sought)]
    return sorted(hits, key=lambda entry: not all(word in _folded(entry.name) for word in sought)) if sought else hits


def _text(entry: Entry, norm_word: Callable[[str], str]) -> str:
    norms = (f"{key} {norm_word(key)}" for key in entry.norms)
    return _folded(" ".join([entry.code, entry.name, entry.words, entry.formula, *norms, *entry.marts]))


def _folded(text: str) -> str:
    return text.casefold().replace("ё", "е")

"""The dictionary of header spellings, data/headers.yaml, and how two spellings are compared.

Owns folding (case, ё, look-alike letters, units, camelCase) and the answer to "which columns of this table may this
header name, and how surely". Knows nothing of files, values or rows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from kam.currencies import BESIDE

HEADERS_FILE = Path(__file__).resolve().parent.parent / "data" / "headers.yaml"

OWN_SCORE = 1.0  # the names Ritm itself gives
STRENGTHS = {"headers": 0.95, "inferred": 0.85, "weak": 0.6}
NEAR_RATIO = 90.0  # rapidfuzz, whole spelling against whole spelling: a part of a header is another header
NEAR_FACTOR = 0.9
ENTITY_FACTOR = 0.9
CACHED_HEADERS = 20_000  # a sheet has thousands of columns at most; a server runs for months
SHORTEST_NEAR = 5  # letters: in shorter words one letter makes another word

_LATIN = "ABCEHKMOPTXYaceopxy"
_CYRILLIC = "АВСЕНКМОРТХУасеорху"
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)
# Of time, where a comma or a bracket sets it apart: "Call minutes" are the minutes of a meeting.
_TIME_UNIT = (
    r"м|минут(?:ах|ы)?|с|сек(?:унд(?:ах|ы)?)?\.?|мс|миллисек(?:унд(?:ах|ы)?)?\.?|ч|часах"
    r"|m|mins?|minutes?|s|secs?|seconds?|ms|milliseconds?|h|hrs?|hours?"
)
_UNIT = re.compile(
    rf"(?:[\s,(]+(?:(?P<currency>{BESIDE})|шт\.?|ед\.?|мин\.?|час(?:ов)?|дн(?:ей|\.)?)|[,(]\s*(?:в\s|in\s)?(?:{_TIME_UNIT}))\)?\.?$",
    re.IGNORECASE,
)
_SCALE = re.compile(r"(?<!\w)(тыс|млн|млрд|thous|mln|million|'?000s?)(?!\d)", re.IGNORECASE)
_ENTITY = re.compile(r"^\s*([^-–:/]+?)\s*(?:\s[-–]\s|:\s|\s?/\s?)(.+)$")


@dataclass(frozen=True)
class Match:
    """One column that a header may name: `evidence` is "header" or "header_near"."""

    column: str
    score: float
    order: int  # place in the dictionary: of two equal matches the earlier wins
    evidence: str


@dataclass(frozen=True)
class Fingerprint:
    """Headers that together only one export has."""

    table: str
    system: str
    keys: frozenset[str]


@dataclass(frozen=True)
class Dictionary:
    """data/headers.yaml, folded: `tables` is table → key → matches, `spellings` table → key → folded header."""

    tables: Mapping[str, Mapping[str, tuple[Match, ...]]]
    spellings: Mapping[str, Mapping[str, str]]
    others: frozenset[str]
    foreign: Mapping[str, frozenset[str]]
    fingerprints: tuple[Fingerprint, ...]
    entities: Mapping[str, frozenset[str]]
    rows: Mapping[str, tuple[str, ...]]
    values: Mapping[str, Any]


def fold(text: str) -> str:
    """A header or a cell as it is compared: one space, small letters, е for ё, one alphabet a word, no end marks."""
    words = unicodedata.normalize("NFKC", text).split()
    return " ".join(_one_alphabet(word) for word in words).strip(" *:«»\"'").casefold().replace("ё", "е")


def _one_alphabet(word: str) -> str:
    latin = [letter for letter in word if letter.isascii() and letter.isalpha()]
    cyrillic = [letter for letter in word if "Ѐ" <= letter <= "ӿ"]
    if latin and cyrillic:
        if all(letter in _LATIN for letter in latin):
            return word.translate(_TO_CYRILLIC)
        if all(letter in _CYRILLIC for letter in cyrillic):
            return word.translate(_TO_LATIN)
    return word


@lru_cache(CACHED_HEADERS)
def key(text: str) -> str:
    """The folded header, letters, digits and "%" alone: "Invoice No", "invoice_no" and "InvoiceNo" are one."""
    return "".join(letter for letter in fold(text) if letter.isalnum() or letter == "%")


def without_unit(text: str) -> str:
    """The header without its unit: "Сумма, руб." is "Сумма"; percents and thousands stay, they change the meaning."""
    return _UNIT.sub("", text.strip(" *:"))


def unit_of(text: str) -> str | None:
    """The currency that a header names behind its words, as it stands there: "USD" of "Сумма, USD"."""
    found = _UNIT.search(text.strip(" *:"))
    return found["currency"] if found else None


def without_scale(text: str) -> str | None:
    """The header without its thousands or millions ("Сумма, тыс. руб." is "Сумма"); None where it says none of them.

    Such amounts must not be taken for units: `matches` never drops the word.
    """
    found = _SCALE.search(text)
    return text[: found.start()].rstrip(" ,(") if found else None


@cache
def load_dictionary() -> Dictionary:
    """data/headers.yaml, read once per process."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    content = yaml.load(HEADERS_FILE.read_text(encoding="utf-8"), Loader=loader)
    return Dictionary(
        tables={table: _table_index(columns) for table, columns in content["tables"].items()},
        spellings={table: {key(h): fold(h) for _, _, h in _entries(columns)} for table, columns in content["tables"].items()},
        others=frozenset(key(header) for headers in content["others"].values() for header in headers),
        foreign={table: frozenset(map(key, headers)) for table, headers in content["foreign"].items()},
        fingerprints=tuple(
            Fingerprint(entry["table"], entry["system"], frozenset(map(key, entry["headers"])))
            for entry in content["fingerprints"]
        ),
        entities={table: frozenset(map(fold, names)) for table, names in content["entities"].items()},
        rows={kind: tuple(texts) for kind, texts in content["rows"].items()},
        values=content["values"],
    )


def _entries(columns: Mapping[str, Any]) -> Iterator[tuple[str, float, str]]:
    for column, systems in columns.items():
        for entry in systems:
            for strength, score in STRENGTHS.items():
                for header in entry.get(strength, ()):
                    yield column, OWN_SCORE if entry["system"] == "ritm" else score, header


def _table_index(columns: Mapping[str, Any]) -> dict[str, tuple[Match, ...]]:
    index: dict[str, dict[str, Match]] = {}
    for order, (column, score, header) in enumerate(_entries(columns)):
        known = index.setdefault(key(header), {})
        if column not in known or known[column].score < score:
            known[column] = Match(column, score, order, "header")
    return {spelling: tuple(sorted(found.values(), key=lambda match: -match.score)) for spelling, found in index.items()}


@lru_cache(CACHED_HEADERS)
def is_known(header: str) -> bool:
    """Whether any table knows this header, spelling for spelling: how a header row is told from data."""
    dictionary = load_dictionary()
    spellings = {key(header), key(without_unit(header))}
    return any(
        spelling in dictionary.others or any(spelling in index for index in dictionary.tables.values()) for spelling in spellings
    )


def is_foreign(table: str, header: str) -> bool:
    """Whether this header tells that a sheet only looks like the table."""
    return bool({key(header), key(without_unit(header))} & load_dictionary().foreign.get(table, frozenset()))


@lru_cache(CACHED_HEADERS)
def matches(table: str, header: str) -> tuple[Match, ...]:
    """The columns of `table` that `header` may name, surest first; empty when it names none or is somebody else's."""
    dictionary = load_dictionary()
    if not header.strip():
        return ()
    index = dictionary.tables[table]
    spellings = (key(header), key(without_unit(header)))
    if spellings[0] in dictionary.others and spellings[0] not in index:
        return ()
    found = max((index.get(spelling, ()) for spelling in spellings), key=lambda known: known[0].score if known else 0.0)
    if found or spellings[1] in dictionary.others:
        return found
    return _by_entity(table, header) or _near(table, header)


def _by_entity(table: str, header: str) -> tuple[Match, ...]:
    parts = _ENTITY.match(header)
    dictionary = load_dictionary()
    if parts is None or fold(parts[1]) not in dictionary.entities.get(table, ()):
        return ()
    found = dictionary.tables[table].get(key(parts[2]), ())
    return tuple(Match(match.column, match.score * ENTITY_FACTOR, match.order, "header") for match in found)


@cache
def _comparable(table: str) -> dict[str, str]:
    spellings = load_dictionary().spellings[table]
    return {spelling: text for spelling, text in spellings.items() if len(text) >= SHORTEST_NEAR}


@lru_cache(CACHED_HEADERS)
def _near(table: str, header: str) -> tuple[Match, ...]:
    wanted = fold(without_unit(header))
    if len(wanted) < SHORTEST_NEAR or any(letter.isdigit() for letter in wanted):
        return ()
    from rapidfuzz import fuzz, process

    dictionary = load_dictionary()
    spellings = _comparable(table)
    best = process.extractOne(wanted, spellings, scorer=fuzz.ratio, score_cutoff=NEAR_RATIO)
    if best is None:
        best = process.extractOne(wanted, spellings, scorer=fuzz.token_sort_ratio, score_cutoff=NEAR_RATIO)
    if best is None:
        return ()
    factor = NEAR_FACTOR * best[1] / 100
    return tuple(
        Match(match.column, match.score * factor, match.order, "header_near") for match in dictionary.tables[table][best[2]]
    )

"""The words: TOML locales, one file a language, and the translator that reads them. Knows no screen and no data.

A key is a dotted path ("touches.title"). A text may hold {placeholders}; a table with one/few/many/other is a plural
chosen by the fact `count`. Facts are written as the language writes numbers and dates.
"""

from __future__ import annotations

import logging
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from kam import formats
from kam.errors import KamError

LANGUAGES = ("ru", "en")  # the first is the default
LANGUAGE_NAMES = {"ru": "Русский", "en": "English"}  # each by its own name, whatever the page speaks
LOCALES = Path(__file__).resolve().parent / "locales"
PLURAL_FORMS = frozenset({"one", "few", "many", "other"})

log = logging.getLogger(__name__)


def is_plural(entry: object) -> bool:
    """Whether an entry of a locale is a plural: a table of plural forms with at least `other`."""
    return isinstance(entry, dict) and "other" in entry and set(entry) <= PLURAL_FORMS


def flatten(tree: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested tables → {"touches.title": text or plural}; for the translator and for tests that compare languages."""
    flat: dict[str, Any] = {}
    for name, entry in tree.items():
        if isinstance(entry, dict) and not is_plural(entry):
            flat.update(flatten(entry, f"{prefix}{name}."))
        else:
            flat[f"{prefix}{name}"] = entry
    return flat


@cache
def entries(language: str) -> Mapping[str, Any]:
    """Every key of a language with its text or plural; read once per process. FileNotFoundError: no such language."""
    with (LOCALES / f"{language}.toml").open("rb") as file:
        return flatten(tomllib.load(file))


@cache
def coded_columns(language: str) -> frozenset[str]:
    """The columns whose codes have words: the names under [values]."""
    return frozenset(key.split(".")[1] for key in entries(language) if key.startswith("values."))


def plural_form(language: str, count: object) -> str:
    """The plural form of a count (CLDR): ru one/few/many/other, en one/other. Fractions are `other`."""
    if isinstance(count, bool) or not isinstance(count, int):
        whole = isinstance(count, float) and count.is_integer()
        if not whole:
            return "other"
    number = abs(int(count))  # type: ignore[call-overload]
    if language != "ru":
        return "one" if number == 1 else "other"
    tens, units = number % 100, number % 10
    if units == 1 and tens != 11:
        return "one"
    return "few" if 2 <= units <= 4 and not 12 <= tens <= 14 else "many"


@dataclass(frozen=True)
class Translator:
    """The words and formats of one language: t("touches.title"), t.money(1200), t.days(24)."""

    language: str
    currency: str = ""  # ISO code of the workspace's money; empty while the workspace does not say

    def __call__(self, key: str, **facts: object) -> str:
        """The text of a key with its facts put in; a missing key is logged and shown in brackets."""
        entry = entries(self.language).get(key)
        if entry is None:
            log.error("no text for %s in %s", key, self.language)
            return f"[{key}]"
        if is_plural(entry):
            entry = entry.get(plural_form(self.language, facts.get("count")), entry["other"])
        written = {name: formats.plain(value, self.language) for name, value in facts.items()}
        return str(entry).format_map(written) if written else str(entry)

    def has(self, key: str) -> bool:
        """Whether the language has this key."""
        return key in entries(self.language)

    def get(self, key: str, default: str) -> str:
        """The text of a key that may be missing: a code of the data that has no word of its own shows as it is."""
        return self(key) if self.has(key) else default

    def value(self, column: str, code: object) -> str:
        """The word of a code in a column (values.<column>.<code>), then of the code anywhere, else the code itself."""
        text = "" if code is None else str(code)
        return self.get(f"values.{column}.{text}", text)

    def error(self, error: KamError) -> str:
        """The sentence of a mistake the user can mend; about a sheet's headers it begins with the file and the sheet."""
        sentence = self(error.key, **self.in_words(error.facts))
        if error.key.startswith("recognise.") and "file" in error.facts:
            return self("errors.in_sheet", file=error.facts["file"], sheet=error.facts["sheet"], sentence=sentence)
        return sentence

    def in_words(self, facts: Mapping[str, object]) -> dict[str, object]:
        """Facts with the codes of tables and columns put into the words of the language."""
        words = dict(facts)
        for name, prefix in (("table", "tables"), ("tables", "tables"), ("field", "columns"), ("columns", "columns")):
            if name in facts:
                codes = (code.strip() for code in str(facts[name]).split(","))
                words[name] = ", ".join(self.get(f"{prefix}.{code}", code) for code in codes)
        return words

    def number(self, value: formats.Number | None, decimals: int | None = None) -> str:
        """See formats.number."""
        return formats.number(value, self.language, decimals)

    def money(self, value: formats.Number | None, decimals: int = 0) -> str:
        """Money of the workspace's currency, in whole units unless told otherwise."""
        return formats.money(value, self.language, self.currency, decimals)

    def money_short(self, value: formats.Number | None) -> str:
        """Money for a headline: 12,4 млн."""
        return formats.money_short(value, self.language, self.currency)

    def percent(self, value: formats.Number | None, decimals: int = 0) -> str:
        """A share 0–1 as percents."""
        return formats.percent(value, self.language, decimals)

    def day(self, value: date | None) -> str:
        """A date in the order of the language."""
        return formats.day(value, self.language)

    def moment(self, value: datetime | None) -> str:
        """A date with its time."""
        return formats.moment(value, self.language)

    def days(self, value: formats.Number | None) -> str:
        """A span in days with its unit: 24 дня, 1 day; em dash for None."""
        return self._span("units.days", value)

    def months(self, value: formats.Number | None) -> str:
        """A span in months with its unit."""
        return self._span("units.months", value)

    def _span(self, key: str, value: formats.Number | None) -> str:
        if value is None:
            return formats.NOTHING
        shown = round(float(value), 1)
        return self(key, count=int(shown) if shown.is_integer() else shown)


@cache
def translator(language: str, currency: str = "") -> Translator:
    """The translator of a language; an unknown language falls back to the default one."""
    return Translator(language if language in LANGUAGES else LANGUAGES[0], currency)

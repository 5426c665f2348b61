"""The thresholds of the method: data/norms.csv read, checked, overlaid with what the user changed.

Knows no database: the journal keeps the changes, the workspace binds the values.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kam.errors import KamError

NORMS_FILE = Path(__file__).resolve().parent.parent / "data" / "norms.csv"
TEXT_UNITS = ("currency", "country", "choice")

Value = float | str | None


@dataclass(frozen=True)
class Norm:
    """One threshold: `default` as text (empty: not set), `unit` (days, months, share, ratio, number, choice:a|b …),
    `origin` (book, derived, ours), the range it may take."""

    key: str
    default: str
    unit: str
    origin: str
    low: float | None
    high: float | None
    note: str

    @property
    def is_text(self) -> bool:
        return self.unit.split(":")[0] in TEXT_UNITS

    @property
    def choices(self) -> tuple[str, ...]:
        return tuple(self.unit.split(":")[1].split("|")) if ":" in self.unit else ()

    def parse(self, text: str) -> Value:
        """The value of a text: a number, a word, or None for an empty one. Raises KamError with the range it must lie in."""
        text = text.strip()
        if not text and self.default:
            raise KamError("errors.norm_empty", norm=self.key)
        if not text:
            return None
        return self._word(text) if self.is_text else self._number(text)

    def _word(self, text: str) -> str:
        if self.choices and text not in self.choices:
            raise KamError("errors.norm_choice", norm=self.key, value=text, choices=", ".join(self.choices))
        if self.unit in ("currency", "country"):
            text = text.upper()
            if not text.isalpha() or len(text) != {"currency": 3, "country": 2}[self.unit]:
                raise KamError("errors.norm_code", norm=self.key, value=text)
        return text

    def _number(self, text: str) -> float:
        try:
            number = float(text.replace(",", ".").replace("\u00a0", "").replace(" ", ""))
        except ValueError:
            raise KamError("errors.norm_not_a_number", norm=self.key, value=text) from None
        low, high = self.low if self.low is not None else -math.inf, self.high if self.high is not None else math.inf
        if not low <= number <= high:
            raise KamError("errors.norm_out_of_range", norm=self.key, value=text, low=low, high=high)
        return number


@cache
def load_norms() -> dict[str, Norm]:
    """Every norm by key, in the order of data/norms.csv."""
    with NORMS_FILE.open(encoding="utf-8", newline="") as file:
        return {row["key"]: _norm(row) for row in csv.DictReader(file)}


def _norm(row: Mapping[str, str]) -> Norm:
    low, high = (float(row[side]) if row[side] else None for side in ("low", "high"))
    return Norm(row["key"], row["value"], row["unit"], row["origin"], low, high, row["note"])


def get(key: str) -> Norm:
    """The norm of that key. Raises KamError for a key that does not exist."""
    try:
        return load_norms()[key]
    except KeyError:
        raise KamError("errors.norm_unknown", norm=key) from None


def values(changed: Mapping[str, str]) -> dict[str, Value]:
    """Every norm's value in force: the default, or what the user changed it to."""
    return {key: norm.parse(changed.get(key, norm.default)) for key, norm in load_norms().items()}

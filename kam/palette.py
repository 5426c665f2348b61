"""The colours, each with one meaning, for screens and charts alike. Knows no widget and no figure.

Meaning never rests on colour alone: a letter, a word or a position always says the same. The hues keep apart for
colour-blind eyes (after Okabe and Ito); the dark theme has lighter tints of the same hues.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

JUDGED = ("status", "state", "standing")  # how columns of judgements end; a name that looks like a code stays plain
READABLE = 4.5  # WCAG AA for text


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _mixed(colour: str, other: str, share: float) -> str:
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(one + (two - one) * share):02x}" for one, two in pairs)


def _luminance(colour: str) -> float:
    parts = [channel / 255 for channel in _channels(colour)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """How far two colours stand apart, 1 to 21 (WCAG 2.1)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@dataclass(frozen=True)
class Palette:
    """One theme's colours, as #rrggbb. `classes`, `verdicts`, `statuses`, `kinds` go by the codes of the data."""

    text: str
    muted: str
    grid: str
    accent: str
    background: str
    surface: str
    classes: Mapping[str, str]  # A+ A B C D
    verdicts: Mapping[str, str]  # good near bad unknown
    statuses: Mapping[str, str]  # life cycle
    kinds: Mapping[str, str]  # mandatory standard need and the rest

    def ink(self, colour: str) -> str:
        """The colour as words are written in: drawn to the text's own until it reads on the background (4.5 : 1)."""
        return next(
            shade
            for share in range(11)
            if contrast(shade := _mixed(colour, self.text, share / 10), self.background) >= READABLE or share == 10
        )

    def verdict_of(self, code: str) -> str:
        """The colour of a touch status or promise state by its verdict; the muted one for an unknown code."""
        return self.verdicts[VERDICTS.get(code, "unknown")]

    def of(self, column: str, code: str) -> str | None:
        """The colour of a code in a column of a table, None where the column has no colours."""
        if column in ("class", "class_before"):
            return self.classes.get(code)
        if column in ("status", "status_before", "stage", "state") and code in self.statuses:
            return self.statuses[code]
        return self.verdict_of(code) if column.endswith(JUDGED) and code in VERDICTS else None


# Codes that are judgements: touch status (METHOD 2.3) and promise state (METHOD 5).
VERDICTS: Mapping[str, str] = {
    "met": "good",
    "near": "near",
    "below": "bad",
    "over": "near",
    "no_data": "unknown",
    "kept_on_time": "good",
    "kept_as_agreed": "good",
    "kept_late": "near",
    "open": "unknown",
    "overdue": "bad",
    "undated": "near",
}

LIGHT = Palette(
    text="#1c2733",
    muted="#66717e",
    grid="#e3e8ee",
    accent="#1f5fa8",
    background="#ffffff",
    surface="#f4f6f9",
    classes={"A+": "#173f73", "A": "#2f74bd", "B": "#7a55a3", "C": "#7d93a8", "D": "#a9b1ba"},
    verdicts={"good": "#00795a", "near": "#b36b00", "bad": "#c2410c", "unknown": "#7b8794"},
    statuses={
        "loyal": "#00664b",
        "regular": "#2a9478",
        "new": "#2f8fc4",
        "returned": "#8a63b0",
        "drowsing": "#c98a00",
        "asleep": "#cc5a1a",
        "lost": "#8f2d16",
        "one_time": "#8d99a6",
        "prospect": "#b3bcc6",
    },
    kinds={
        "mandatory": "#2f74bd",
        "standard": "#2a9478",
        "need": "#7a55a3",
        "standard+need": "#4f7a8f",
        "problem": "#c2410c",
        "deal": "#8d99a6",
        "attempt": "#b3bcc6",
        "internal": "#c9d0d8",
        "unrecognised": "#c98a00",
    },
)

DARK = Palette(
    text="#e6ebf1",
    muted="#98a4b3",
    grid="#2c3644",
    accent="#6aa9ea",
    background="#10161e",
    surface="#18202b",
    classes={"A+": "#9cc3f0", "A": "#4f94dc", "B": "#b393d8", "C": "#8ea3b8", "D": "#6b7683"},
    verdicts={"good": "#3cc29b", "near": "#e5a93d", "bad": "#f2835a", "unknown": "#8a96a4"},
    statuses={
        "loyal": "#5fd3ae",
        "regular": "#2fa488",
        "new": "#63b6e8",
        "returned": "#b18fd6",
        "drowsing": "#e5b13d",
        "asleep": "#ee8a50",
        "lost": "#d0593c",
        "one_time": "#93a0ae",
        "prospect": "#65717f",
    },
    kinds={
        "mandatory": "#4f94dc",
        "standard": "#2fa488",
        "need": "#b393d8",
        "standard+need": "#7fb0c6",
        "problem": "#f2835a",
        "deal": "#93a0ae",
        "attempt": "#65717f",
        "internal": "#4b5563",
        "unrecognised": "#e5b13d",
    },
)


def palette(theme: str | None) -> Palette:
    """The palette of a theme ("light" or "dark"; None means light)."""
    return DARK if theme == "dark" else LIGHT

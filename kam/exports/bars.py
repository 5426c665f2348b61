"""Bars as inline SVG for paper: black on white, told apart by length, word and figure, never by colour. Knows no review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, ROW, BAR = 380, 18, 10
LABEL, VALUE = 150, 76  # what the words on the left and the figures on the right take
LONGEST_LABEL = 24


@dataclass(frozen=True)
class Bar:
    """A bar: what it is of, how long it is, what is written behind it."""

    label: str
    value: float
    text: str


def bars(title: str, rows: Sequence[Bar]) -> str:
    """A figure with its finding as the title. Values under zero are drawn as nothing; their text says them. → html."""
    most = max((row.value for row in rows), default=0) or 1
    height = ROW * len(rows) + 2
    room = WIDTH - LABEL - VALUE
    drawn = "".join(_bar(row, place * ROW, max(row.value, 0) / most * room) for place, row in enumerate(rows))
    return (
        f"<figure><figcaption>{escape(title)}</figcaption>"
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}">'
        f'{drawn}<line x1="{LABEL}" y1="0" x2="{LABEL}" y2="{height}"/></svg></figure>'
    )


def _bar(row: Bar, top: float, length: float) -> str:
    middle = top + ROW / 2 + 4
    label = row.label if len(row.label) <= LONGEST_LABEL else row.label[: LONGEST_LABEL - 1].rstrip() + "…"
    return (
        f'<text x="{LABEL - 6}" y="{middle}" text-anchor="end">{escape(label)}</text>'
        f'<rect x="{LABEL}" y="{top + (ROW - BAR) / 2}" width="{length:.1f}" height="{BAR}"/>'
        f'<text x="{LABEL + length + 5:.1f}" y="{middle}">{escape(row.text)}</text>'
    )

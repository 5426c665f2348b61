"""HTML tables, which some systems write and call .xls, as sheets of text cells, by the standard parser.

Knows bytes alone; encodings are told as for any text.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pyarrow as pa

from kam import guard
from kam.readers import Merge, Note, Sheet
from kam.readers_text import decode

MAX_SPAN = 1000  # rows or columns that one cell may cover


class _Tables(HTMLParser):
    """Every table of a page as rows of cell texts; a table inside a cell is a table of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str | None]]] = []
        self.open_tables: list[list[list[str | None]]] = []
        self.texts: list[list[str] | None] = []
        self.spans: list[tuple[int, int]] = []
        self.covered: list[dict[int, int]] = []  # column → rows it is still covered, this one included
        self.merges: dict[int, list[Merge]] = {}  # by the number of the table
        self.numbers: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a table, a row or a cell."""
        if tag == "table":
            self.open_tables.append([])
            self.tables.append(self.open_tables[-1])
            self.texts.append(None)
            self.spans.append((1, 1))
            self.covered.append({})
            self.numbers.append(len(self.tables) - 1)
        elif self.open_tables and tag == "tr":
            self._close_cell()
            self._open_row()
        elif self.open_tables and tag in ("td", "th"):
            self._close_cell()
            if not self.open_tables[-1]:
                self._open_row()
            self.texts[-1] = []
            said = dict(attrs)
            self.spans[-1] = _span(said.get("rowspan")), _span(said.get("colspan"))
        elif self.open_tables and tag in ("br", "p", "div") and self.texts[-1]:
            self.texts[-1].append("\n")

    def handle_endtag(self, tag: str) -> None:
        """Close a cell, or a table with what is open in it."""
        if not self.open_tables:
            return
        if tag in ("td", "th", "tr"):
            self._close_cell()
        elif tag == "table":
            self._close_cell()
            for stack in (self.open_tables, self.texts, self.spans, self.covered, self.numbers):
                stack.pop()

    def handle_data(self, data: str) -> None:
        """Text belongs to the innermost open cell."""
        if self.texts and self.texts[-1] is not None:
            self.texts[-1].append(data)

    def _open_row(self) -> None:
        self.open_tables[-1].append([])
        self.covered[-1] = {column: rows - 1 for column, rows in self.covered[-1].items() if rows > 1}

    def _close_cell(self) -> None:
        pieces = self.texts[-1]
        if pieces is None:
            return
        text = "\n".join(" ".join(line.split()) for line in "".join(pieces).split("\n")).strip()
        row, covered, (height, width) = self.open_tables[-1][-1], self.covered[-1], self.spans[-1]
        while len(row) in covered:
            row.append(None)
        if height > 1 or width > 1:
            number, first = len(self.open_tables[-1]), len(row) + 1
            merge = Merge(number, number + height - 1, first, first + width - 1)
            self.merges.setdefault(self.numbers[-1], []).append(merge)
        if height > 1:
            covered.update(dict.fromkeys(range(len(row), len(row) + width), height))
        # A cell over several columns or rows stands in the first of them, as in a book.
        row.extend([text or None] + [None] * (width - 1))
        self.texts[-1] = None


def _span(text: str | None) -> int:
    return max(min(int(text), MAX_SPAN), 1) if text and text.isdigit() else 1


def read_html(content: bytes, name: str) -> list[Sheet]:
    """One sheet per table of the page; row numbers count the table's own rows."""
    parser = _Tables()
    parser.feed(_html_text(content))
    parser.close()
    grids = {number: grid for number, grid in enumerate(parser.tables) if any(any(row) for row in grid)}
    stem = Path(name).stem
    return [
        Sheet(
            name,
            stem if len(grids) == 1 else f"{stem} {number}",
            number,
            False,
            _grid_table(grid),
            1,
            (Note("readers.html"),),
            merges=tuple(parser.merges.get(place, ())),
        )
        for number, (place, grid) in enumerate(grids.items(), start=1)
    ]


def _html_text(content: bytes) -> str:
    charset = re.search(rb"charset\s*=\s*[\"']?\s*([\w-]+)", content[:8192])
    if charset and not content.startswith(guard.TEXT_BOMS):
        try:
            return content.decode(charset[1].decode())
        except (LookupError, UnicodeDecodeError):
            pass  # a page that lies about its own encoding is read like any text
    return decode(content)[0]


def _grid_table(grid: list[list[str | None]]) -> pa.Table:
    width = max(len(row) for row in grid)
    return pa.table({str(n): pa.array([row[n] if n < len(row) else None for row in grid], pa.string()) for n in range(width)})

"""HTML tables, which some systems write and call .xls, as sheets of text cells, by the standard parser.

Knows bytes alone; encodings are told as for any text.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pyarrow as pa

from kam import guard
from kam.readers import Note, Sheet
from kam.readers_text import decode


class _Tables(HTMLParser):
    """Every table of a page as rows of cell texts; a table inside a cell is a table of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str | None]]] = []
        self.open_tables: list[list[list[str | None]]] = []
        self.texts: list[list[str] | None] = []
        self.spans: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a table, a row or a cell."""
        if tag == "table":
            self.open_tables.append([])
            self.tables.append(self.open_tables[-1])
            self.texts.append(None)
            self.spans.append(1)
        elif self.open_tables and tag == "tr":
            self._close_cell()
            self.open_tables[-1].append([])
        elif self.open_tables and tag in ("td", "th"):
            self._close_cell()
            if not self.open_tables[-1]:
                self.open_tables[-1].append([])
            self.texts[-1] = []
            span = dict(attrs).get("colspan") or "1"
            self.spans[-1] = min(int(span), 1000) if span.isdigit() else 1
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
            self.open_tables.pop()
            self.texts.pop()
            self.spans.pop()

    def handle_data(self, data: str) -> None:
        """Text belongs to the innermost open cell."""
        if self.texts and self.texts[-1] is not None:
            self.texts[-1].append(data)

    def _close_cell(self) -> None:
        pieces = self.texts[-1]
        if pieces is None:
            return
        text = "\n".join(" ".join(line.split()) for line in "".join(pieces).split("\n")).strip()
        # A cell over several columns stands in the first of them, as in a book.
        self.open_tables[-1][-1].extend([text or None] + [None] * (self.spans[-1] - 1))
        self.texts[-1] = None


def read_html(content: bytes, name: str) -> list[Sheet]:
    """One sheet per table of the page; row numbers count the table's own rows."""
    parser = _Tables()
    parser.feed(_html_text(content))
    parser.close()
    grids = [grid for grid in parser.tables if any(any(row) for row in grid)]
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
        )
        for number, grid in enumerate(grids, start=1)
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

"""HTML tables, which some systems write and call .xls, as sheets of text cells, by the standard parser.

Knows bytes alone; encodings are told as for any text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pyarrow as pa

from kam import guard
from kam.readers import Merge, Note, Sheet
from kam.readers_encoding import decode

MAX_SPAN = 1000  # rows or columns that one cell may cover


@dataclass
class _Grid:
    """One table: the filled cells of each row by column, and the cell that is open. A cell over several columns or rows
    stands in the first of them, as in a book.
    """

    rows: list[dict[int, str]] = field(default_factory=list)
    width: int = 0
    count: int = 0  # of filled cells
    column: int = 0  # where the next cell of the last row stands, if nothing from above covers it
    covered: dict[int, int] = field(default_factory=dict)  # column → rows it is still covered, the last one included
    merges: list[Merge] = field(default_factory=list)
    text: list[str] | None = None  # of the open cell
    span: tuple[int, int] = (1, 1)  # its height and width

    def open_row(self) -> None:
        self.close_cell()
        self.rows.append({})
        self.column = 0
        self.covered = {column: rows - 1 for column, rows in self.covered.items() if rows > 1}

    def open_cell(self, height: int, width: int) -> None:
        self.close_cell()
        if not self.rows:
            self.open_row()
        self.text, self.span = [], (height, width)

    def close_cell(self) -> None:
        if self.text is None:
            return
        text = "\n".join(" ".join(line.split()) for line in "".join(self.text).split("\n")).strip()
        self.text = None
        while self.column in self.covered:
            self.column += 1
        if text:
            self.rows[-1][self.column] = text
            self.count += 1
        self._take_place()

    def refuse_sparse(self, name: str) -> None:
        guard.refuse_sparse(guard.SheetFacts(cells=self.count, last_row=len(self.rows), last_column=self.width), name)

    def _take_place(self) -> None:
        height, width = self.span
        first, end, number = self.column, self.column + width, len(self.rows)
        if height > 1 or width > 1:
            self.merges.append(Merge(number, number + height - 1, first + 1, end))
        if height > 1:
            self.covered.update(dict.fromkeys(range(first, end), height))
        self.column, self.width = end, max(self.width, end)


class _Tables(HTMLParser):
    """Every table of a page; a table inside a cell is a table of its own."""

    def __init__(self, name: str) -> None:
        super().__init__(convert_charrefs=True)
        self.name = name
        self.grids: list[_Grid] = []
        self.open: list[_Grid] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a table, a row or a cell."""
        if tag == "table":
            self.open.append(_Grid())
            self.grids.append(self.open[-1])
        elif self.open and tag == "tr":
            self.open[-1].open_row()
            self.open[-1].refuse_sparse(self.name)
        elif self.open and tag in ("td", "th"):
            said = dict(attrs)
            self.open[-1].open_cell(_span(said.get("rowspan")), _span(said.get("colspan")))
        elif self.open and tag in ("br", "p", "div") and self.open[-1].text:
            self.open[-1].text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """Close a cell, or a table with what is open in it."""
        if self.open and tag in ("td", "th", "tr", "table"):
            self.open[-1].close_cell()
            if tag == "table":
                self.open.pop()

    def handle_data(self, data: str) -> None:
        """Text belongs to the innermost open cell."""
        if self.open and self.open[-1].text is not None:
            self.open[-1].text.append(data)


def _span(text: str | None) -> int:
    return max(min(int(text), MAX_SPAN), 1) if text and text.isdigit() else 1


def read_html(content: bytes, name: str) -> list[Sheet]:
    """One sheet per table of the page; row numbers count the table's own rows. KamError for a few cells spread far."""
    parser = _Tables(name)
    parser.feed(_html_text(content))
    parser.close()
    grids = [grid for grid in parser.grids if any(grid.rows)]
    stem = Path(name).stem
    return [
        Sheet(
            name,
            stem if len(grids) == 1 else f"{stem} {number}",
            number,
            False,
            _grid_table(grid, name),
            1,
            (Note("readers.html"),),
            merges=tuple(grid.merges),
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


def _grid_table(grid: _Grid, name: str) -> pa.Table:
    grid.refuse_sparse(name)
    return pa.table({str(n): pa.array([row.get(n) for row in grid.rows], pa.string()) for n in range(grid.width)})

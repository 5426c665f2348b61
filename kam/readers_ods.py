"""Currencies of an ods: a cell that shows money names it beside its value, and the fast reader keeps the value alone.

Knows content.xml of an ods; runs in the child process, a second pass over books that show other money than roubles. A number
whose style alone has a sign, as no known program writes one, is left as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from xml.parsers import expat

from kam import guard
from kam.currencies import ROUBLES
from kam.errors import KamError
from kam.readers import Sheet
from kam.readers_money import ROUBLE, Signs

CONTENT = "content.xml"
MAX_ROWS = 1_048_576


def with_currencies(path: Path, name: str, sheets: list[Sheet], facts: guard.ScanFacts) -> list[Sheet]:
    """The sheets of an ods, each amount with its currency, where that is not the rouble throughout."""
    if not facts.has_currencies:
        return sheets
    found = {sheet.name: Signs(sheet) for sheet in sheets}
    try:
        _walk(path, name, _Walk(found))
    except expat.ExpatError:
        raise KamError("errors.damaged", file=name) from None
    return [found[sheet.name].shown() for sheet in sheets]


def _walk(path: Path, name: str, walk: _Walk) -> None:
    parser = expat.ParserCreate()  # the scan has refused document types: no entity can grow here
    parser.StartElementHandler = walk.element
    with guard.open_archive(path, name) as archive:
        member = next(m for m in archive.infolist() if guard.member_path(m.filename).lower() == CONTENT)
        for part in guard.parts(archive, member, name):
            parser.Parse(part, False)


class _Walk:
    """Counts rows and cells as their elements come, and puts down where money stands."""

    def __init__(self, found: Mapping[str, Signs]) -> None:
        # The position of the row and how many it stands for; the column counted from 1.
        self.found = found
        self.sheet: Signs | None = None
        self.row, self.column = 0, 1
        self.rows_at_once = 0

    def element(self, kind: str, said: dict[str, str]) -> None:
        """One start tag."""
        if kind in ("table:table-cell", "table:covered-table-cell"):
            count = _count(said, "table:number-columns-repeated")
            if said.get("office:value-type") == "currency" and (code := said.get("office:currency", "").strip()):
                self._put(ROUBLE if code in ROUBLES else code, min(count, guard.MAX_COLUMNS))
            self.column += count
        elif kind == "table:table-row":
            self.row, self.column = self.row + self.rows_at_once, 1
            self.rows_at_once = _count(said, "table:number-rows-repeated")
        elif kind == "table:table":
            self.sheet = self.found.get(said.get("table:name", ""))
            self.row, self.rows_at_once = 0, 0

    def _put(self, sign: str, count: int) -> None:
        if self.sheet is not None:
            for column in range(self.column, self.column + count):
                self.sheet.put(slice(self.row, self.row + self.rows_at_once), column, sign)


def _count(said: Mapping[str, str], attribute: str) -> int:
    repeats = said.get(attribute, "1")
    return min(int(repeats), MAX_ROWS) if repeats.isdecimal() and len(repeats) < 10 else 1

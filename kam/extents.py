"""How far the cells of an xlsb book reach: asked only where a reader has died of one, as every record is looked at.

Knows the records of [MS-XLSB] that hold cells; runs in a reading process.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from struct import Struct

from kam import guard

ROW, FILLED = 0, range(2, 12)  # kinds of records: the row that the next cells stand in, and cells that are not blank
_NUMBER = Struct("<I")


def refuse_far(path: Path, name: str) -> None:
    """KamError for a sheet whose few cells lie far apart."""
    with guard.open_archive(path, name) as archive:
        for member in archive.infolist():
            title = guard.member_path(member.filename).lower()
            if title.startswith("xl/worksheets/") and title.endswith(".bin"):
                guard.refuse_sparse(_extent(archive.read(member)), name)


def _extent(data: bytes) -> guard.SheetFacts:
    facts, row = guard.SheetFacts(), 0
    for kind, start, size in _records(data):
        if size >= _NUMBER.size and kind == ROW:
            (row,) = _NUMBER.unpack_from(data, start)
        elif size >= _NUMBER.size and kind in FILLED:
            facts.cells += 1
            facts.last_row = max(facts.last_row, row + 1)
            facts.last_column = max(facts.last_column, _NUMBER.unpack_from(data, start)[0] + 1)
    return facts


def _records(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Kind, place of the content and its length, of each record; a record that breaks off ends them."""
    at = 0
    while at + 2 < len(data):
        kind, at = _seven_bits(data, at, 2)
        size, at = _seven_bits(data, at, 4)
        if at + size > len(data):
            return
        yield kind, at, size
        at += size


def _seven_bits(data: bytes, at: int, longest: int) -> tuple[int, int]:
    """A number of so many bytes at most, seven bits in each, and the place after it."""
    value = 0
    for number, byte in enumerate(data[at : at + longest]):
        value |= (byte & 0x7F) << 7 * number
        if byte < 0x80:
            return value, at + number + 1
    return value, at + longest

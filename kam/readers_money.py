"""Currencies that only the look of a number shows: a cell holds 500, its format makes "500 $" of it, and that is what a person sees.

Knows the members of an xlsx archive; runs in the child process, a second pass over books that show other money than roubles.
The cell gets the text that is seen, "500 $": what stands beside a figure is read further on. The formats that every book
has built in show the money of whichever machine opens it, and tell nothing. In xlsb and xls formats are not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from html import unescape
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from kam import guard
from kam.currencies import FOREIGN, SIGNS
from kam.readers import Sheet
from kam.readers_outline import STYLES, sheet_members, styles_of

Place = tuple[int, int, str]  # row and column in the file, counted from 1, and the sign that is shown there

ROUBLE = "₽"
MAX_SIGNS = 255  # a byte tells them apart: no world has more currencies
MANY_STYLES = 64  # one pattern of more styles would be slower than to look each one up
LONGEST_CODE, LONGEST_TAG = 255, 300  # characters; what is longer no program writes, and only costs time
# What formats write → what names the currency beside a figure. A sign with its country comes before the sign.
_NAMED = {
    **dict.fromkeys(("р", "руб", "rub", "rur"), ROUBLE),
    **{sign: sign for sign in SIGNS},
    **{code.lower(): code for code in FOREIGN},
    "us$": "USD", "￥": "¥", "¥-411": "JPY", "￥-411": "JPY", "₴": "UAH", "грн": "UAH", "₺": "TRY", "br": "BYN", "тг": "₸",
    "$-c09": "AUD", "$-1009": "CAD", "$-c04": "HKD", "$-1004": "SGD",
}  # fmt: skip
_BUILT_IN = {b"%d" % number for number in (*range(5, 9), *range(37, 45))}
_NUMBER_FORMAT = re.compile(rb'<(?:\w+:)?numFmt\s((?:[^<>"]|"[^"<]*")*)>')
_STYLE_FORMAT = re.compile(rb"<(?:\w+:)?xf\s([^<>]*)>")
_FORMAT_ID = re.compile(rb'(?:^|\s)numFmtId="(\d+)"')
_CODE = re.compile(rb'(?:^|\s)formatCode="([^"]*)"')
# Words; a letter that is itself; the width of a letter, or what fills a gap; a bracket; any other mark.
_TOKEN = re.compile(r'"(?P<words>[^"]*)"|\\(?P<letter>.)|[_*].|\[(?P<bracket>[^\]]*)\]|(?P<mark>.)', re.DOTALL)
_NO_MONEY = re.compile(r"[%ymdhs]", re.IGNORECASE)  # among the marks: percents, dates and times

_PLAIN = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})" s="\d+"(?: t="n")?/?>')  # as nearly every book writes a number
_NUMBER = re.compile(rb'<(?:\w+:)?c(?![^<>]*\st="(?!n"))(?:\s[^<>]*?)?\sr="([A-Z]{1,3})(\d{1,7})"')
_TEXT = re.compile(rb'\st="(?!n")')
_STYLE = re.compile(rb'\ss="(\d+)"')
_REFERENCE = re.compile(rb'\sr="([A-Z]{1,3})(\d{1,7})"')
_TAG = re.compile(rb"<(?:\w+:)?(c|row)(?=[\s/>])([^<>]*)>")
_ROW_NUMBER = re.compile(rb'\sr="(\d{1,7})"')


def with_currencies(path: Path, name: str, sheets: list[Sheet], facts: guard.ScanFacts) -> list[Sheet]:
    """The sheets of an xlsx, each number with the currency that its format shows, where that is not the rouble's throughout."""
    signs = _signs_of_styles(styles_of(path, name))
    if set(signs.values()) <= {ROUBLE}:
        return sheets
    members = sheet_members(path, name)
    return [_with_signs(sheet, _places(path, name, members.get(sheet.name, ""), signs, facts)) for sheet in sheets]


def _with_signs(sheet: Sheet, places: Iterable[Place]) -> Sheet:
    found = Signs(sheet)
    found.put_each(places)
    return found.shown()


class Signs:
    """The currencies that figures of one sheet show; rows and columns are those of the file, counted from 1."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._numbers: dict[str, int] = {}
        self._columns: dict[int, bytearray] = {}  # of each row the number of its sign

    def put(self, rows: slice, column: int, sign: str) -> None:
        """The sign of some cells, one under the other; `rows` are positions. Cells that the sheet has not are no matter."""
        if (marks := self._marks_of(column)) is not None:
            number = self._number_of(sign)
            marks[rows] = bytes((number,)) * len(marks[rows])

    def put_each(self, places: Iterable[Place]) -> None:
        """The signs of single cells."""
        numbers, columns = cache(self._number_of), cache(self._marks_of)
        height = self._sheet.cells.num_rows
        for row, column, sign in places:
            if 0 < row <= height and (marks := columns(column)) is not None:
                marks[row - 1] = numbers(sign)

    def _number_of(self, sign: str) -> int:
        if len(self._numbers) < MAX_SIGNS:
            self._numbers.setdefault(sign, len(self._numbers) + 1)
        return self._numbers.get(sign, MAX_SIGNS)

    def _marks_of(self, column: int) -> bytearray | None:
        index = column - self._sheet.first_column
        if not 0 <= index < self._sheet.cells.num_columns:
            return None
        if index not in self._columns:
            self._columns[index] = bytearray(self._sheet.cells.num_rows)
        return self._columns[index]

    def shown(self) -> Sheet:
        """The sheet with each sign behind its figure."""
        cells = self._sheet.cells
        for index, marks in self._columns.items():
            cells = cells.set_column(index, str(index), self._signed(cells.column(index), marks))
        return replace(self._sheet, cells=cells)

    def _signed(self, values: pa.ChunkedArray, marks: bytearray) -> pa.ChunkedArray:
        numbers = pa.Array.from_buffers(pa.uint8(), len(marks), [None, pa.py_buffer(marks)])
        for sign, number in self._numbers.items():
            if number in marks:
                values = pc.if_else(pc.equal(numbers, number), pc.binary_join_element_wise(values, sign, " "), values)
        return values


# What a format shows.


def _signs_of_styles(styles: bytes) -> dict[bytes, str]:
    """The number of a style, as cells name it → the currency that it shows."""
    formats = [(_FORMAT_ID.search(said), _CODE.search(said)) for said in _NUMBER_FORMAT.findall(styles[: styles.rfind(b"numFmts>")])]
    codes = {number[1]: unescape(code[1].decode("utf-8", "replace")) for number, code in formats if number and code}
    signs = {number: sign for number, code in codes.items() if number not in _BUILT_IN and (sign := sign_of(code))}
    block = STYLES.search(styles) if signs else None
    used = map(_FORMAT_ID.search, _STYLE_FORMAT.findall(block[0])) if block else ()
    return {b"%d" % style: signs[number[1]] for style, number in enumerate(used) if number and number[1] in signs}


def sign_of(code: str) -> str | None:
    """The currency that a number format shows, the first where its sections show several; percents and dates show none."""
    found: str | None = None
    beside, marks = "", ""
    for token in _TOKEN.finditer(code[:LONGEST_CODE] + ";"):
        bracket, mark = token["bracket"], token["mark"] or ""
        literal = token["words"] or token["letter"] or (mark if mark in SIGNS + " " else "")
        beside += literal
        if bracket is not None:
            found = found or (_of_bracket(bracket[1:]) if bracket.startswith("$") else None)
        elif not literal:  # a figure: the words before it end here
            found, beside, marks = found or _named(beside), "", marks + mark
    return None if _NO_MONEY.search(marks) else found


def _of_bracket(said: str) -> str | None:
    """The sign of "[$€-407]", whatever it is; "[$-419]" has none."""
    sign = said.partition("-")[0].strip()
    return _NAMED.get(said.lower()) or _NAMED.get(sign.lower().rstrip(".")) or sign or None


def _named(words: str) -> str | None:
    """The currency that words beside a figure name: one that they have the sign of, or nothing but its name."""
    return next((letter for letter in words if letter in SIGNS), None) or _NAMED.get(words.strip(" .\u00a0").lower())


# Which numbers are shown so.


def _places(path: Path, name: str, title: str, signs: Mapping[bytes, str], facts: guard.ScanFacts) -> Iterator[Place]:
    """Numbers in those styles, of one sheet; texts show no format."""
    with guard.open_archive(path, name) as archive:
        member = next((m for m in archive.infolist() if guard.member_path(m.filename).lower() == title.lower()), None)
        if member is not None:
            sheet = facts.sheets.get(guard.member_path(member.filename), guard.SheetFacts())
            find = _counted if sheet.longest_row else _referred
            yield from find(guard.parts(archive, member, name), signs)


def _referred(parts: Iterable[bytes], signs: Mapping[bytes, str]) -> Iterator[Place]:
    """Where each cell says where it stands: only those of the wanted styles are looked at."""
    wanted = re.compile(rb' s="(%s)"' % (b"|".join(signs) if len(signs) <= MANY_STYLES else rb"\d+"))
    column_of = cache(guard.column_number)
    for part in parts:
        for style in wanted.finditer(part):
            start = part.rfind(b"<", max(style.start() - LONGEST_TAG, 0), style.start())
            place = (_PLAIN.match(part, start) or _NUMBER.match(part, start)) if start >= 0 else None
            if place and (sign := signs.get(style[1])):
                column, row = place.groups()
                yield int(row), column_of(column), sign


def _counted(parts: Iterable[bytes], signs: Mapping[bytes, str]) -> Iterator[Place]:
    """Where cells follow one another without saying so: all are counted."""
    row = column = 0
    for part in parts:
        for kind, said in _TAG.findall(part):
            if kind == b"row":
                number = _ROW_NUMBER.search(said)
                row, column = int(number[1]) if number else row + 1, 0
                continue
            place = _REFERENCE.search(said)
            column = guard.column_number(place[1]) if place else column + 1
            style = _STYLE.search(said)
            if style and style[1] in signs and not _TEXT.search(said):
                yield row, column, signs[style[1]]

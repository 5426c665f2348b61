"""What of a table lies in the file: a column that no row fills is not written, it is worked out to be null.

A million empty cells cost a build as much as a million numbers, and an export fills a third of the columns that a table
knows. Every column keeps its name, its type and its place. Text only: kam.blank and kam.build run it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from kam.tables import TableSpec

PARSED = ("date", "datetime", "amount", "number")
# What every raw row has (style_code: how its dates and numbers are written), and what the user's own columns lie in.
PLACES = ("sheet_id", "row_number", "style_code")
EXTRA = "extra"
# Two bits of style_code for each column; a style that is none of these means nothing to any macro.
_STYLES = {"date": ("dmy", "mdy"), "datetime": ("dmy", "mdy"), "amount": ("comma", "dot", "made"), "number": ("comma", "dot", "made")}
# Cells that seldom repeat: a dictionary of them takes the build four times the time to find out that it is of no use.
_UNLIKE = ("id", "amount")
_STYLE = re.compile(r"\b((?:\w+\.)?)style\.\"?(\w+)\"?")
_PACKED = " using compression zstd"


def quote(name: str) -> str:
    """A name as SQL takes it, whatever stands in it."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """A text as SQL takes it."""
    return "'" + value.replace("'", "''") + "'"


def create(table: str, columns: Mapping[str, str], filled: Collection[str], packed: Collection[str] = ()) -> str:
    """The statement that makes a table of these columns (name → type) of which only those of `filled` are written.

    `packed`: those whose values seldom repeat.
    """
    parts = (_written(name, kind, packed) if name in filled else _absent(name, kind) for name, kind in columns.items())
    return f"create table {table} ({', '.join(parts)})"


def create_raw(spec: TableSpec, filled: Collection[str]) -> str:
    """The statement that makes raw.<table> with these of its columns written: cells as text, own columns."""
    columns = {
        "sheet_id": "integer", "row_number": "integer", "style_code": "bigint", **dict.fromkeys(spec.columns, "varchar"),
        EXTRA: "map(varchar, varchar)",
    }  # fmt: skip
    packed = [name for name, kind in spec.columns.items() if kind in _UNLIKE]
    return create(f"raw.{spec.name}", columns, {*PLACES, *filled}, packed)


def style_code(spec: TableSpec, styles: Mapping[str, str]) -> int:
    """The styles of a sheet (canonical column → style) as one number."""
    known = (_STYLES[spec.columns[name]] for name in _parsed(spec))
    said = (styles.get(name) for name in _parsed(spec))
    places = (words.index(word) + 1 if word in words else 0 for words, word in zip(known, said, strict=True))
    return sum(place << 2 * number for number, place in enumerate(places))


def with_styles(text: str, spec: TableSpec) -> str:
    """SQL over raw.<table> with each style.<column> as what the row's style_code says of it: 'dmy', 'comma' …, or null."""
    places = {name: number for number, name in enumerate(_parsed(spec))}
    return _STYLE.sub(lambda found: _said(spec.columns[found[2]], places[found[2]], found[1]), text)


def coded(spec: TableSpec, struct: str) -> str:
    """The SQL of the style_code of rows that have a struct `style` of this type instead, as older versions wrote it."""
    there = set(re.findall(r'"?(\w+)"? VARCHAR', struct))
    parts = (
        f"(coalesce(list_position({list(_STYLES[spec.columns[name]])}, style.{quote(name)}), 0) << {2 * number})"
        for number, name in enumerate(_parsed(spec))
        if name in there
    )
    return f"cast({' | '.join(parts) or '0'} as bigint)"


def _written(name: str, kind: str, packed: Collection[str]) -> str:
    return f"{quote(name)} {kind}{_PACKED if name in packed else ''}"


def _absent(name: str, kind: str) -> str:
    return f"{quote(name)} {kind} generated always as (null) virtual"


def _parsed(spec: TableSpec) -> list[str]:
    return [name for name, kind in spec.columns.items() if kind in PARSED]


def _said(kind: str, number: int, row: str) -> str:
    whens = " ".join(f"when {place} then '{word}'" for place, word in enumerate(_STYLES[kind], 1))
    return f"(case ({row}style_code >> {2 * number}) & 3 {whens} end)"

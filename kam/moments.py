"""Moments and lengths that an export writes in parts: the time of day in a column beside the day, the unit of a length in its header.

Knows recognised cells and header spellings; must not know files or the workspace.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from kam import headers
from kam.recognise import Column

# A time cell of a spreadsheet is the day that its calendar begins with, and that time.
_TIME = r"^\s*(?:(?:1899-12-3[01]|1900-01-0[01])[ T])?(?P<time>(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?:\s*[AaPp][Mm])?)(?:\.0+)?\s*$"
_BLANK = r"^[\s\x{00a0}]*[-–—]?[\s\x{00a0}]*$"
_MIDNIGHT = r"^(.*\d)[ T]0?0:00(?::00(?:\.0+)?)?\s*$"
_SERIAL = r"^\s*\d{5}(?:[.,]0+)?\s*$"
_EPOCH = 25_569  # the serial of 1970-01-01
_DAY_WORDS = (("дата", "время"), ("date", "time"))
_BARE_TIMES = ("время", "time")

# Behind the words of a header; a letter alone only where a comma or a bracket sets it apart.
_UNITS = tuple(
    (unit, re.compile(rf"(?:(?<!\w)(?:{words})|[,(]\s*(?:в\s|in\s)?{letter})\.?\)?\.?\s*$"))
    for unit, words, letter in (
        ("мс", r"мс|миллисек\w*|ms|msecs?|millis\w*", "(?:мс|ms)"),
        ("с", r"сек|секунд\w*|secs?|seconds?", "[сs]"),
        ("ч", r"час|часов|часах|часы|hrs?|hours?", "[чh]"),
    )
)
_CLOCK = re.compile(r"(?:hh?|чч?):(?:mm|мм)(?::(?:ss|сс))?|(?:mm?|мм?):(?:ss|сс)", re.IGNORECASE)
_OF_CALLS = re.compile(r"звонк|разговор|call", re.IGNORECASE)
_MILLISECONDS = ("callduration", "hscallduration")  # as HubSpot heads them
_LEAST_MILLISECONDS = 1000
_FIGURES = r"^[\s\x{00a0}\x{202f}]*\d[\d\s.,\x{00a0}\x{202f}]*$"


def with_time(cells: pa.Table, columns: Sequence[Column], field: str, is_main: bool) -> pa.ChunkedArray | None:
    """The days of a field with the times of the column beside them; None where none is headed so or says anything else.

    is_main: the field is the day of the row, and a column that is a time and no more is its.
    """
    day = next((column for column in columns if column.field == field), None)
    beside = _time_beside(columns, day.header, is_main) if day is not None else None
    if day is None or beside is None:
        return None
    said = cells.column(beside.index).cast(pa.string())
    times = pc.struct_field(pc.extract_regex(said, _TIME), "time")
    is_other = pc.and_(pc.is_null(times), pc.invert(pc.fill_null(pc.match_substring_regex(said, _BLANK), True)))
    if pc.any(is_other).as_py() or times.null_count == len(times):
        return None
    return _joined(cells.column(day.index).cast(pa.string()), times)


def _time_beside(columns: Sequence[Column], header: str, is_main: bool) -> Column | None:
    day = headers.fold(header)
    wanted = {day.replace(word, time) for word, time in _DAY_WORDS if re.search(rf"\b{word}\b", day)}
    free = [column for column in columns if column.field is None]
    named = next((column for column in free if headers.fold(column.header) in wanted), None)
    bare = next((column for column in free if headers.fold(column.header) in _BARE_TIMES), None)
    return named or (bare if is_main else None)


def _joined(days: pa.ChunkedArray, times: pa.ChunkedArray) -> pa.ChunkedArray:
    """A day that has a time of its own keeps it, midnight apart: that is how a day is written where none is known."""
    bare = pc.replace_substring_regex(days, _MIDNIGHT, r"\1")
    bare = pc.if_else(pc.fill_null(pc.match_substring_regex(bare, _SERIAL), False), _of_serials(bare), bare)
    is_day = pc.and_(pc.match_substring_regex(bare, r"\d"), pc.invert(pc.match_substring(bare, ":")))
    both = pc.binary_join_element_wise(bare, times, " ")
    return pc.coalesce(pc.if_else(is_day, both, pa.scalar(None, pa.string())), days)


def _of_serials(days: pa.ChunkedArray) -> pa.ChunkedArray:
    """Days that a spreadsheet counts, as ISO; any other cell is null."""
    numbers = pc.struct_field(pc.extract_regex(days, r"^\s*(?P<serial>\d{5})(?:[.,]0+)?\s*$"), "serial").cast(pa.int32())
    return pc.cast(pc.subtract(numbers, _EPOCH).cast(pa.int32()).cast(pa.date32()), pa.string())


def with_units(cells: pa.Table, columns: Sequence[Column]) -> pa.ChunkedArray | None:
    """The lengths with the unit that their header says behind each bare figure; None where they are minutes as they stand.

    A length of two parts is hours and minutes; of a call, in seconds or beside lengths of three parts, minutes and seconds.
    """
    column = next((column for column in columns if column.field == "minutes"), None)
    if column is None:
        return None
    values = cells.column(column.index).cast(pa.string())
    unit = _unit(column.header, values)
    if unit is not None:
        is_bare = pc.fill_null(pc.match_substring_regex(values, _FIGURES), False)
        values = pc.if_else(is_bare, pc.binary_join_element_wise(values, unit, " "), values)
    is_short = _is_short_clock(column.header, unit, values)
    if is_short:
        values = pc.replace_substring_regex(values, r"^\s*(\d+):([0-5]\d)\s*$", r"\1 м \2 с")
    return values if unit or is_short else None


def _unit(header: str, values: pa.ChunkedArray) -> str | None:
    said = next((unit for unit, words in _UNITS if words.search(headers.fold(header))), None)
    return said or ("мс" if headers.key(header) in _MILLISECONDS and _are_milliseconds(values) else None)


def milliseconds_guessed(cells: pa.Table, columns: Sequence[Column]) -> str | None:
    """The header of lengths that are milliseconds by their figures alone."""
    column = next((column for column in columns if column.field == "minutes"), None)
    is_guessed = column is not None and headers.key(column.header) in _MILLISECONDS and _are_milliseconds(cells.column(column.index))
    return column.header if column is not None and is_guessed else None


def _are_milliseconds(values: pa.ChunkedArray) -> bool:
    """Whole figures, most of those that are no zero from a second on: nobody talks for a thousand minutes."""
    values = values.cast(pa.string())
    said = values.filter(pc.invert(pc.fill_null(pc.match_substring_regex(values, _BLANK), True)))
    if len(said) == 0 or not pc.all(pc.match_substring_regex(said, r"^\s*\d{1,12}(?:\.0+)?\s*$")).as_py():
        return False
    lengths = pc.cast(pc.utf8_trim_whitespace(said), pa.float64())
    lengths = lengths.filter(pc.greater(lengths, 0))
    long = pc.sum(pc.greater_equal(lengths, _LEAST_MILLISECONDS)).as_py() or 0
    return 2 * long > len(lengths)


def _is_short_clock(header: str, unit: str | None, values: pa.ChunkedArray) -> bool:
    """Whether 1:15 is a minute and a quarter here."""
    if not pc.any(pc.match_substring_regex(values, r"^\s*\d+:\d\d\s*$")).as_py():
        return False
    said = _CLOCK.search(headers.fold(header))
    if said is not None and said[0].count(":") == 1:
        return said[0][-1] in "sс"
    if unit in ("с", "мс") or _OF_CALLS.search(header):
        return True
    return bool(pc.any(pc.match_substring_regex(values, r"^\s*\d+:\d\d:\d\d")).as_py())

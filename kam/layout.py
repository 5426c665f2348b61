"""Where the tables of a sheet lie: the rows that name their columns, on one level or two, and the period said above them.

Knows cells and header spellings; must not know which table a sheet is, nor the workspace.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa

from kam import headers
from kam.currencies import BESIDE
from kam.readers import Sheet

HEADER_SEARCH_ROWS = 60
HEADER_SEARCH_COLUMNS = 400
LONGEST_HEADING = 80  # letters: what is longer is a sentence, not the name of a group of columns
LEVELS = " / "  # between the two levels of a header

Row = tuple[str | None, ...]
Ends = Mapping[int, Mapping[int, int]]  # position of a row → column of a merged cell → the column after its last
Period = tuple[date, date]

_SHAPES = (
    ("date", re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}(\D.*)?|\d{4}-\d{2}-\d{2}([ T].*)?")),
    ("email", re.compile(r"[^@\s]+@[^@\s]+\.\w+")),
    ("number", re.compile(rf"[-(]?\d[\d \u00a0\u202f'.,]*\)?\s*(%|{BESIDE})?|[—–-]", re.IGNORECASE)),
    ("phone", re.compile(r"\+?[\d ()\-]{10,20}")),
)


@dataclass(frozen=True)
class Layout:
    """`top` and `bottom`: positions of the first and the last header row, -1 where nothing names the columns.

    `headers`: by column index; `levels`: the group and the name of the columns that stand under a group.
    `period`: the days that the sheet says it covers, both included.
    """

    top: int
    bottom: int
    headers: Mapping[int, str]
    levels: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    period: Period | None = None


def shape(text: str) -> str:
    """What a cell looks like: "date", "email", "number", "phone" or "text"."""
    stripped = text.strip()
    return next((name for name, pattern in _SHAPES if pattern.fullmatch(stripped)), "text")


def merged_ends(sheet: Sheet) -> Ends:
    """The merged cells that may name columns, where the file tells them."""
    found: dict[int, dict[int, int]] = {}
    for merge in sheet.merges:
        position = merge.first_row - sheet.first_row
        if 0 <= position < HEADER_SEARCH_ROWS:
            left = merge.first_column - sheet.first_column
            found.setdefault(position, {})[left] = merge.last_column - sheet.first_column + 1
    return found


def layout(cells: pa.Table, ends: Ends | None = None) -> Layout:
    """The header among the first rows of a sheet, and the period that the rows above it name.

    `ends`: where merged cells end; without it a group of columns reaches to the next one.
    """
    width = min(cells.num_columns, HEADER_SEARCH_COLUMNS)
    head = [column.slice(0, HEADER_SEARCH_ROWS).to_pylist() for column in cells.columns[:width]]
    rows: list[Row] = list(zip(*head, strict=True))
    position = _known_row(rows)
    if position < 0:
        position = _wordy_row(rows)
    if position < 0:
        return Layout(-1, -1, {})
    for top in (position, position - 1):
        if 0 <= top < len(rows) - 1 and (groups := _groups(rows[top], rows[top + 1], (ends or {}).get(top, {}))):
            return _two_levels(rows, top, groups)
    texts = {i: text for i, column in enumerate(cells.columns) if (text := column[position].as_py())}
    return Layout(position, position, texts, {}, _period_above(rows[:position]))


# The row that names the columns.


def _known_row(rows: Sequence[Row]) -> int:
    best, best_count = -1, 0.0
    for position, row in enumerate(rows):
        texts = [text for text in row if text]
        known = sum(headers.is_known(text) for text in texts)
        # One known word in a long row is chance; in a row of one or two it is the header.
        if known > best_count and (known >= 2 or len(texts) <= 2 * known):
            best, best_count = position, known
    return best


def _wordy_row(rows: Sequence[Row]) -> int:
    """The first row of words alone that is nearly as wide as the table: a header in words that nobody knows."""
    widest = max((sum(1 for text in row if text) for row in rows), default=0)
    for position, row in enumerate(rows):
        texts = [text for text in row if text]
        if len(texts) >= max(2, 0.6 * widest) and all(shape(text) == "text" for text in texts):
            return position if len(set(texts)) == len(texts) else -1
    return -1


# Two levels: a group over several columns (a merged cell stands in the first of them), their own names below.


def _groups(upper: Row, lower: Row, merged: Mapping[int, int]) -> dict[int, int]:
    """Group column → the column after its last; empty when the two rows are not the two levels of one header."""
    below = [i for i, text in enumerate(lower) if text]
    starts = [i for i, text in enumerate(upper) if text]
    if not starts or any(shape(lower[i] or "") != "text" or len(lower[i] or "") > LONGEST_HEADING for i in below):
        return {}
    ends = dict(zip(starts, [*starts[1:], len(upper)], strict=True))
    if any(end > start + 1 for start, end in merged.items()):
        ends = {start: merged.get(start, start + 1) for start in starts}
    # What merges downwards has nothing under it.
    groups = {start: end for start, end in ends.items() if lower[start]}
    wide = [range(start, end) for start, end in groups.items() if sum(start <= i < end for i in below) > 1]
    # Under groups any words are names ("без НДС", "с НДС"): a row of data says something of its own in other columns too.
    is_named = _is_named(lower, below) or all(any(i in group for group in wide) or headers.is_known(lower[i] or "") for i in below)
    return groups if wide and is_named and not _is_title(upper, starts, below) else {}


def _is_named(lower: Row, below: Sequence[int]) -> bool:
    names = [lower[i] or "" for i in below]
    return sum(headers.is_known(name) for name in names) >= 2 or len(set(names)) < len(names)


def _is_title(upper: Row, starts: Sequence[int], below: Sequence[int]) -> bool:
    """Whether the upper row is the name of the report: alone, over the whole table or with a date or a number in it."""
    title = upper[starts[0]] or ""
    return len(starts) == 1 and (starts[0] <= below[0] or any(letter.isdigit() for letter in title))


def _two_levels(rows: Sequence[Row], top: int, groups: Mapping[int, int]) -> Layout:
    upper, lower = rows[top], rows[top + 1]
    group = {i: upper[start] or "" for start, end in groups.items() for i in range(start, end)}
    levels = {i: (_tidy(group[i]), _tidy(name)) for i, name in enumerate(lower) if name and i in group}
    texts = {i: LEVELS.join(dict.fromkeys(levels[i])) if i in levels else upper[i] or lower[i] for i in range(len(upper))}
    return Layout(top, top + 1, {i: text for i, text in texts.items() if text}, levels, _period_above(rows[:top]))


def _tidy(text: str) -> str:
    return " ".join(text.split())


# The period a report says it covers: "Период: 01.01.2026 – 31.03.2026", "за 1 квартал 2026 г.", "Январь 2026 – Март 2026".

_MONTHS = ("янв", "фев", "мар", "апр", "ма", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
_MONTHS_EN = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TILL = r"\s*(?:-|–|—|по|до|to|till|until)\s*"
_DAY = r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?"
_ISO_DAY = r"(\d{4})-(\d{2})-(\d{2})"
_MONTH = r"([а-яa-z]{3,8})\.?\s+(\d{4})(?:\s*г\.?)?"
_SAID = re.compile(r"\bпериод|\bperiod\b|^(?:.*\s)?за\s|\bс\s.*\sпо\s|\bfrom\s.*\sto\s|^отч[её]т\b|^report\b")


def _period_above(rows: Sequence[Row]) -> Period | None:
    for row in rows:
        text = " ".join(cell for cell in row if cell).casefold().replace("\u00a0", " ")
        if _SAID.search(text) and (found := period_of(text)) is not None:
            return found
    return None


def period_of(text: str) -> Period | None:
    """The first and the last day of the period that a text names; None where it names none or only one day."""
    text = text.casefold()
    try:
        return _by_days(text) or _by_months(text) or _by_part_of_year(text)
    except ValueError:  # 31.02.2026
        return None


def _by_days(text: str) -> Period | None:
    if found := re.search(_DAY + _TILL + _DAY, text):
        day, month, year, last_day, last_month, last_year = map(int, found.groups())
        return _ordered(date(year, month, day), date(last_year, last_month, last_day))
    if found := re.search(_ISO_DAY + _TILL + _ISO_DAY, text):
        first, last = map(int, found.groups()[:3]), map(int, found.groups()[3:])
        return _ordered(date(*first), date(*last))
    return None


def _ordered(first: date, last: date) -> Period | None:
    return (first, last) if first <= last else None


def _by_months(text: str) -> Period | None:
    months = [(int(year), number) for name, year in re.findall(_MONTH, text) if (number := month_of(name))]
    if not months:
        return None
    return date(*months[0], 1), _month_end(*months[-1])


def _by_part_of_year(text: str) -> Period | None:
    found = re.search(r"(?:([1-4])\s*(?:-?й\s*)?(квартал|полугодие|quarter)\s*)?(?<!\d)((?:19|20)\d\d)\s*(?:г|$|year)", text)
    if found is None:
        return None
    part, unit, year = found[1], found[2], int(found[3])
    length = 12 if part is None else 6 if unit == "полугодие" else 3
    first = 1 if part is None else (int(part) - 1) * length + 1
    return date(year, first, 1), _month_end(year, first + length - 1)


def month_of(name: str) -> int | None:
    """The number of a month by its name or its first letters, Russian or English."""
    for starts in (_MONTHS_EN, _MONTHS):
        for number, start in enumerate(starts, start=1):
            if name.startswith(start) and not (start == "ма" and name.startswith("мар")):
                return number
    return None


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])

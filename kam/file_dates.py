"""The day that a file's name says: "Продажи 2026-03-30.xlsx", "отчёт 12.05.26", "клиенты на 30 марта 2026 г", "March 30, 2026".

Knows names alone. A month or a quarter is no day, and neither are three figures that may be a version.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from kam.layout import month_of

_MONTHS = (
    "янв(?:ар[ья])?|jan(?:uary)?", "фев(?:р|рал[ья])?|feb(?:ruary)?", "мар(?:та?)?|mar(?:ch)?", "апр(?:ел[ья])?|apr(?:il)?",
    "ма[йя]|may", "июн[ья]?|june?", "июл[ья]?|july?", "авг(?:уста?)?|aug(?:ust)?", "сен(?:т|тябр[ья])?|sept?(?:ember)?",
    "окт(?:ябр[ья])?|oct(?:ober)?", "ноя(?:б|бр[ья])?|nov(?:ember)?", "дек(?:абр[ья])?|dec(?:ember)?",
)  # fmt: skip
_DAY = r"(?P<day>0[1-9]|[12]\d|3[01])"
_ANY_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?P<month>0[1-9]|1[0-2])"
_WORD = rf"(?P<word>{'|'.join(_MONTHS)})\.?"
_YEAR = r"(?P<year>20\d\d)"
_GAP = r"[-_. ]+"
_FULL = tuple(
    re.compile(rf"(?<!\d){form}(?!\d)", re.IGNORECASE)
    for form in (
        rf"{_YEAR}(?P<mark>[-_. ]?){_MONTH}(?P=mark){_DAY}",
        rf"{_DAY}(?P<mark>[-_. ]){_MONTH}(?P=mark){_YEAR}",
        rf"{_ANY_DAY}{_GAP}{_WORD},?{_GAP}{_YEAR}",
        rf"(?<![^\W\d_]){_WORD}{_GAP}{_ANY_DAY}(?:st|nd|rd|th)?,?{_GAP}{_YEAR}",
    )
)
# Three pairs of figures are a day only where nothing speaks for a number, an address or a version ("v01.02.03", "1.01.02.03").
_SHORT = re.compile(rf"(?<![^\W_])(?<!\d[-_.]){_DAY}(?P<mark>[-_.]){_MONTH}(?P=mark)(?P<year>\d\d)(?!\d|(?P=mark)\d)")
_VERSION = re.compile(r"(?:^|[\W_])(?:v|ver|version|rev|в|вер|версия|релиз|release)[\W_]*$", re.IGNORECASE)


def day_in(name: str) -> date | None:
    """The last day that the name says (it may name a period), None where it says none. Years of two digits only where no other is."""
    return _last(_full_days(name)) or _last(_short_days(name))


def _last(days: Iterator[tuple[int, date]]) -> date | None:
    return max(days, default=(0, None), key=lambda found: found[0])[1]


def _full_days(name: str) -> Iterator[tuple[int, date]]:
    for form in _FULL:
        for found in form.finditer(name):
            said = found.groupdict()
            month = int(said["month"]) if "month" in said else month_of(said["word"].casefold())
            yield from _dated(found, int(found["year"]), month or 0)


def _short_days(name: str) -> Iterator[tuple[int, date]]:
    for found in _SHORT.finditer(name):
        if not _VERSION.search(name[: found.start()]):
            yield from _dated(found, 2000 + int(found["year"]), int(found["month"]))


def _dated(found: re.Match[str], year: int, month: int) -> Iterator[tuple[int, date]]:
    """The day with the place where it ends; nothing where the month has no such day."""
    try:
        yield found.end(), date(year, month, int(found["day"]))
    except ValueError:
        return

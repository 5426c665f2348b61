"""How a sample cell reads under each style, so that the user sees what a choice means before it is made."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from kam.formats import NOTHING
from kam.i18n import Translator

_PARTS = re.compile(r"(\d{1,4})\D(\d{1,2})\D(\d{1,4})")


def as_date(sample: str, style: str) -> date | None:
    """The day that "03/04/2026" means under dmy or mdy; None where it means none."""
    hit = _PARTS.search(sample)
    if not hit:
        return None
    first, second, third = (int(part) for part in hit.groups())
    year = third + 2000 if third < 100 else third
    month, day = (second, first) if style == "dmy" else (first, second)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def as_number(sample: str, style: str) -> Decimal | None:
    """The number that "1.234" means when the decimal mark is a comma or a dot; None where it means none."""
    mark = "," if style == "comma" else "."
    kept = "".join(sign for sign in sample if sign.isdigit() or sign == mark or sign == "-")
    try:
        return Decimal(kept.replace(mark, "."))
    except InvalidOperation:
        return None


def reading(sample: str, style: str, t: Translator) -> str:
    """The sample as it would be read, in words or digits of the language; an em dash where it cannot be."""
    if style in ("dmy", "mdy"):
        found = as_date(sample, style)
        return (
            t("upload.date_in_words", day=found.day, month=t(f"months.m{found.month}"), year=str(found.year))
            if found
            else NOTHING
        )
    return t.number(as_number(sample, style)) if style in ("comma", "dot") else NOTHING

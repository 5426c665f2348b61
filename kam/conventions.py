"""How a column writes its dates and numbers, told from all its values at once.

Knows Arrow columns of text alone. A convention that the values do not settle is not guessed: the caller asks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from kam import spellings
from kam.currencies import BESIDE

DAY_MONTH_YEAR, MONTH_DAY_YEAR = "dmy", "mdy"
COMMA, DOT = "comma", "dot"

_PARTS = r"^\s*(?P<first>\d{1,2})[/-](?P<second>\d{1,2})[/-]\d{2,4}(?:\D.*)?$"
# After everything but digits, marks and the sign is gone.
_COMMA_DECIMAL = r"^-?\d[\d.]*,(?:\d{1,2}|\d{4,})$|^-?(?:0\d*|\d{4,}),\d+$|\.\d{3}.*,|\.\d{3}\.\d{3}"
_DOT_DECIMAL = r"^-?\d[\d,]*\.(?:\d{1,2}|\d{4,})$|^-?(?:0\d*|\d{4,})\.\d+$|,\d{3}.*\.|,\d{3},\d{3}"
_MISREAD_BY_COMMA = r"^-?\d{1,3}(?:\.\d{3})+$|,\d{3}.*\.|,\d{3},\d{3}"
_BESIDE = re.compile(rf"[\s\u00a0\u202f\u2009'’%]|{BESIDE}", re.IGNORECASE)
_UNCLEAR = r"^-?\d{1,3}[.,]\d{3}$"


@dataclass(frozen=True)
class Convention:
    """`style` is None when the values cannot tell; `sample` is a value to show when asking."""

    style: str | None
    sample: str = ""


def date_convention(values: pa.ChunkedArray) -> Convention:
    """The order of a text column, "dmy" or "mdy"; dots, ISO and serials read the same under either and give "dmy"."""
    with_marks = _distinct(values, r"^\s*\d{1,2}[/-]\d{1,2}[/-]\d")
    if len(with_marks) == 0:
        return Convention(DAY_MONTH_YEAR)
    parts = pc.extract_regex(with_marks, _PARTS)
    first, second = (pc.cast(pc.struct_field(parts, name), pa.int32()) for name in ("first", "second"))
    days_first, days_second = (pc.sum(pc.greater(part, 12)).as_py() or 0 for part in (first, second))
    if bool(days_first) != bool(days_second):
        return Convention(DAY_MONTH_YEAR if days_first else MONTH_DAY_YEAR)
    unlike = with_marks.filter(pc.fill_null(pc.not_equal(first, second), False))
    if not days_first and len(unlike) == 0:
        return Convention(DAY_MONTH_YEAR)
    return Convention(None, (unlike if len(unlike) else with_marks)[0].as_py().strip())


def _distinct(values: pa.ChunkedArray, pattern: str) -> pa.Array:
    if not spellings.holds(values, "/-"):
        return pa.array([], pa.string())
    distinct = pc.unique(values)
    return distinct.filter(pc.fill_null(pc.match_substring_regex(distinct, pattern), False))


def number_convention(values: pa.ChunkedArray) -> Convention:
    """The decimal mark, "comma" or "dot", of a text column of numbers; without any mark "dot"."""
    if not spellings.holds(values, ",."):
        return Convention(DOT)
    spelt, counts = spellings.alike(values)
    bare = _bare(spelt)
    commas, dots = (_count(bare, counts, pattern) for pattern in (_COMMA_DECIMAL, _DOT_DECIMAL))
    if bool(commas) != bool(dots):
        return Convention(COMMA if commas else DOT)
    if commas and not _count(bare, counts, _MISREAD_BY_COMMA):
        # Typed "1 234,50" among a book's own 1234.5: read by the comma both are right, as no dot can mean thousands.
        return Convention(COMMA)
    if commas:
        return Convention(None, _first(values, _COMMA_DECIMAL if commas < dots else _DOT_DECIMAL))
    if not _count(bare, counts, _UNCLEAR):
        return Convention(DOT)
    # Only forms like 1,234: a decimal mark if the column writes whole thousands without one, else a question.
    if _count(bare, counts, r"^-?\d{4,}$"):
        return Convention(COMMA if pc.any(pc.match_substring(spelt, ",")).as_py() else DOT)
    return Convention(None, _first(values, _UNCLEAR))


def _bare(values: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    # The full stop of "руб." is no decimal mark.
    return pc.utf8_rtrim(pc.replace_substring_regex(values, r"[^\d.,-]", ""), ".,")


def _count(bare: pa.Array, counts: pa.Array, pattern: str) -> int:
    return pc.sum(counts.filter(pc.match_substring_regex(bare, pattern))).as_py() or 0


def _first(values: pa.ChunkedArray, pattern: str) -> str:
    found = values.filter(pc.fill_null(pc.match_substring_regex(_bare(values), pattern), False))
    return found[0].as_py().strip() if len(found) else ""


def number(text: str | None, style: str | None) -> Decimal | None:
    """One cell as a number under its column's convention, as parse_number in SQL reads it; None where it is none."""
    if text is None:
        return None
    bare = _BESIDE.sub("", text).replace("−", "-").replace("–", "-")
    is_negative = (bare.startswith("(") and bare.endswith(")")) or bare.endswith("-")
    bare = bare.strip("()").removesuffix("-")
    decimal, thousands = (",", ".") if style == COMMA else (".", ",")
    if style == COMMA and re.fullmatch(r"[-+]?\d+(\.\d+)?", bare) and not re.fullmatch(r"[-+]?\d{1,3}(\.\d{3})+", bare):
        decimal, thousands = ".", ","
    bare = bare.replace(thousands, "").replace(decimal, ".")
    if not re.fullmatch(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,2})?", bare):
        return None
    return -Decimal(bare) if is_negative else Decimal(bare)

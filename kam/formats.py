"""Numbers, money, shares and dates as a language writes them. Pure text: knows no locale file, no screen, no table.

None is an em dash everywhere: unknown is not zero.
"""

from __future__ import annotations

import math
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

Number = int | float | Decimal

NOTHING = "—"
NO_BREAK_SPACE = "\u00a0"
MINUS = "\u2212"


def _is_nothing(value: object) -> bool:
    return value is None or (isinstance(value, float) and not math.isfinite(value))


def _grouped(plain: str, language: str) -> str:
    """1,234.5 in the marks of the language; English keeps its own."""
    if language != "ru":
        return plain
    return plain.replace(",", NO_BREAK_SPACE).replace(".", ",")


def number(value: Number | None, language: str, decimals: int | None = None) -> str:
    """A number with thousands marks. `decimals` None: whole numbers plain, others up to two digits, no idle zeros."""
    if value is None or _is_nothing(value):
        return NOTHING
    exact = Decimal(str(value))
    places = 2 if decimals is None else decimals
    rounded = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    plain = f"{abs(rounded):,.{places}f}"
    if decimals is None and "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    sign = MINUS if rounded < 0 else ""
    return sign + _grouped(plain, language)


SIGNS = {"RUB": "₽", "USD": "$", "EUR": "€", "GBP": "£", "KZT": "₸", "BYN": "Br", "CNY": "¥"}


def _with_currency(text: str, currency: str, language: str) -> str:
    """Russian writes the sign behind, English a sign before and a code before with a space."""
    if not currency or text == NOTHING:
        return text
    sign = SIGNS.get(currency, currency)
    if language == "ru":
        return f"{text}{NO_BREAK_SPACE}{sign}"
    gap = NO_BREAK_SPACE if sign.isalpha() else ""
    minus, digits = (MINUS, text[1:]) if text.startswith(MINUS) else ("", text)
    return f"{minus}{sign}{gap}{digits}"


def money(value: Number | None, language: str, currency: str = "", decimals: int = 0) -> str:
    """Money, in whole units unless told otherwise, with the sign of its currency (ISO code) when that is known."""
    return _with_currency(number(value, language, decimals), currency, language)


_SCALES = {"ru": (("млрд", 9), ("млн", 6), ("тыс.", 3)), "en": (("B", 9), ("M", 6), ("K", 3))}


def money_short(value: Number | None, language: str, currency: str = "") -> str:
    """Money for a headline: "12,4 млн" or "12.4M"; from ten thousand on, below that in full."""
    if value is None or _is_nothing(value) or abs(float(value)) < 10_000:
        return money(value, language, currency)
    exact = Decimal(str(value))
    # 999,960 would read "1 000 тыс.": the scale is chosen after rounding to what is shown.
    word, power = next((word, power) for word, power in _SCALES[language] if abs(exact.scaleb(-power)) >= Decimal("0.99995"))
    scaled = round(exact.scaleb(-power), 1)
    text = number(scaled, language, 0 if abs(scaled) >= 100 else None)
    gap = NO_BREAK_SPACE if language == "ru" else ""
    return _with_currency(f"{text}{gap}{word}", currency, language)


def percent(value: Number | None, language: str, decimals: int = 0) -> str:
    """A share (0–1) as percents: "79 %" in Russian, "79%" in English."""
    if value is None or _is_nothing(value):
        return NOTHING
    text = number(Decimal(str(value)) * 100, language, decimals)
    return f"{text}{NO_BREAK_SPACE}%" if language == "ru" else f"{text}%"


_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(value: date | None, language: str) -> str:
    """A date: 31.03.2026 in Russian, 31 Mar 2026 in English (no order of day and month to guess)."""
    if value is None:
        return NOTHING
    if language == "ru":
        return f"{value.day:02d}.{value.month:02d}.{value.year:04d}"
    return f"{value.day} {_MONTHS_EN[value.month - 1]} {value.year}"


def moment(value: datetime | None, language: str) -> str:
    """A date with hours and minutes; midnight is taken for a date without a time."""
    if value is None:
        return NOTHING
    if (value.hour, value.minute) == (0, 0):
        return day(value, language)
    return f"{day(value, language)} {value.hour:02d}:{value.minute:02d}"


def plain(value: object, language: str) -> str:
    """Any fact put into a sentence: numbers, dates and moments as the language writes them, the rest as it is."""
    if value is None:
        return NOTHING
    if isinstance(value, (bool, str)):
        return str(value)
    if isinstance(value, (int, float, Decimal)):
        return number(value, language)
    if isinstance(value, datetime):
        return moment(value, language)
    return day(value, language) if isinstance(value, date) else str(value)

"""Working days of a country, transferred days included. The only importer of holidays; knows no database."""

from __future__ import annotations

from datetime import date, timedelta

from kam.errors import KamError


def working_index(country: str, first: date, last: date) -> list[tuple[date, int]]:
    """Each day of [first, last] with the number of working days from `first` up to and with it.

    The difference of two numbers is the working days after the one day, up to and with the other (METHOD 5).
    Raises KamError for a country whose calendar is not known.
    """
    import holidays

    try:
        calendar = holidays.country_holidays(country, years=range(first.year, last.year + 1))
    except NotImplementedError:
        raise KamError("errors.country_unknown", country=country) from None
    days, count, day = [], 0, first
    while day <= last:
        count += calendar.is_working_day(day)
        days.append((day, count))
        day += timedelta(days=1)
    return days

"""When the touches of the demo were typed into the CRM: mostly the same day, by some on Fridays, by one weeks later."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from kam.demo.company import LAST_DAY, Demo, Touch, working


def enter_touches(demo: Demo, rng: random.Random) -> None:
    """Give every touch its moment of entry, by the habit of its manager."""
    habits = {"daily": _daily, "friday": _on_friday, "late": _late}
    words = demo.words
    entered = []
    for touch in demo.touches:
        habit = "daily" if touch.client.manager is None else words["entry"][touch.client.manager]
        entered.append(replace(touch, created_at=_by_the_last_day(touch, habits[habit](rng, touch))))
    demo.touches = entered


def _by_the_last_day(touch: Touch, moment: datetime) -> datetime:
    """The export holds nothing that was typed in after it: such a touch was typed in at once."""
    return moment if moment.date() <= LAST_DAY else touch.at + timedelta(minutes=25)


def _daily(rng: random.Random, touch: Touch) -> datetime:
    """At once, or the next morning; now and then beforehand as a plan, or some days later."""
    draw = rng.random()
    if draw < 0.06:
        return _at(rng, working(touch.at.date() - timedelta(days=rng.randrange(1, 5))), 9)
    if draw < 0.78:
        return touch.at + timedelta(minutes=rng.randrange(5, 90))
    if draw < 0.96:
        return _at(rng, _next_working(touch.at.date()), 9)
    return _at(rng, _next_working(touch.at.date() + timedelta(days=rng.randrange(1, 6))), 16)


def _on_friday(rng: random.Random, touch: Touch) -> datetime:
    """The week's touches, on Friday evening."""
    return _at(rng, touch.at.date() + timedelta(days=(4 - touch.at.weekday()) % 7), 18)


def _late(rng: random.Random, touch: Touch) -> datetime:
    """One to three weeks later; the latest ones earlier, else they were not in the export."""
    age = (LAST_DAY - touch.at.date()).days
    days = rng.randrange(6, 22)
    return max(_at(rng, working(touch.at.date() + timedelta(days=days if days <= age else rng.randrange(age + 1))), 19), touch.at)


def _next_working(day: date) -> date:
    day += timedelta(days=1)
    while working(day) != day:
        day += timedelta(days=1)
    return day


def _at(rng: random.Random, day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour, rng.randrange(60)))

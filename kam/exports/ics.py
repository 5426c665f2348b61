"""What is due as a calendar file that any calendar takes offline: all-day events, no alarm, no link, no address. The only importer of
icalendar.

An event keeps its UID as long as it is about the same promise, decision or client: brought in a second time it is moved, not
doubled. Knows entries and the translator.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event, vText

from kam.diary import Entry
from kam.i18n import Translator

TYPE = "text/calendar"
# What RFC 5545 does not let stand in a text, and what some readers take for the end of a line.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_BREAKS = re.compile(r"\r\n|\r|\u2028|\u2029")
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


class _Text(vText):  # type: ignore[misc]
    """A text of the data: the library's own escaping takes the two letters of a backslash and an N for the end of a line."""

    def to_ical(self) -> bytes:
        return str(self).translate(_ESCAPED).encode("utf-8", "replace")


def calendar(entries: Iterable[Entry], t: Translator, made_at: datetime | None = None) -> bytes:
    """The entries as a calendar. made_at: the moment it is made (default: now); a later file's events win over an earlier's."""
    moment = (made_at or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)
    made = Calendar()
    made.add("prodid", f"-//Ritm//Ritm//{t.language.upper()}")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", _text(t("calendar.name")))
    for entry in entries:
        made.add_component(_event(entry, t, moment))
    content: bytes = made.to_ical()
    return content


def uid(entry: Entry) -> str:
    """The same for the same promise, decision or client, whatever becomes of its day; nothing can be read from it."""
    return f"ritm-{entry.kind}-{hashlib.sha256(entry.key.encode('utf-8', 'replace')).hexdigest()[:24]}"


def _event(entry: Entry, t: Translator, moment: datetime) -> Event:
    event = Event()
    event.add("uid", uid(entry))
    event.add("dtstamp", moment)
    event.add("last-modified", moment)
    event.add("sequence", int(moment.timestamp()) // 60)
    event.add("dtstart", entry.on)
    event.add("dtend", entry.last + timedelta(days=1))  # the first day that is not of it
    event.add("summary", _text(_summary(entry, t)))
    event.add("description", _text("\n".join(_about(entry, t))))
    event.add("categories", [t(f"calendar.kinds.{entry.kind}")])
    event.add("transp", "TRANSPARENT")
    return event


def _summary(entry: Entry, t: Translator) -> str:
    """What kind of thing is due, and with whom: the client's name comes last, it may turn the direction of what follows."""
    kind = t(f"calendar.kinds.{entry.kind}")
    about = entry.client_name or entry.what or ""
    return f"{kind}: {about}" if about else kind


def _about(entry: Entry, t: Translator) -> Iterable[str]:
    """A line a fact."""
    if entry.what:
        yield f"{t('columns.text')}: {entry.what}"
    if entry.client_name:
        yield f"{t('columns.client_name')}: {entry.client_name}"
    if entry.who:
        yield f"{t('columns.owner')}: {entry.who}"
    yield t(f"calendar.about.{entry.kind}")
    if entry.is_overdue:
        yield t("calendar.overdue")


def _text(text: str) -> _Text:
    return _Text(_CONTROLS.sub(" ", _BREAKS.sub("\n", text)))

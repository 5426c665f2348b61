"""The calendar file, read by a reader of the test's own that knows nothing of the library that wrote it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from kam import diary
from kam.diary import Entry
from kam.exports import ics
from kam.i18n import translator
from tests.hostile_names import NAMES

RU, EN = translator("ru"), translator("en")
DAY, AT = date(2026, 11, 20), datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
WRITTEN = {"UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "CATEGORIES", "TRANSP"}
ESCAPED = {"n": "\n", "N": "\n", ",": ",", ";": ";", "\\": "\\"}


def lines(content: bytes) -> list[str]:
    """The lines of RFC 5545: ended by CR LF, joined where the next begins with a blank."""
    return content.replace(b"\r\n ", b"").decode().split("\r\n")


def events(content: bytes) -> list[dict[str, str]]:
    """name → value of every event, texts as they were before they were escaped."""
    found: list[dict[str, str]] = []
    for line in lines(content):
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and name.partition(";")[0] in WRITTEN:
            assert name.partition(";")[0] not in found[-1], line[:80]
            found[-1][name.partition(";")[0]] = re.sub(r"\\(.)", lambda match: ESCAPED[match.group(1)], value)
    return found


def entry(kind: str = "promise", key: str = "p1", on: date = DAY, **more: object) -> Entry:
    known = {"last": on, "client_id": "1", "client_name": "Ромашка", "who": "Иванов", "what": "Прислать счёт", **more}
    return Entry(kind, key, on, **known)  # type: ignore[arg-type]


def test_event_is_all_day_and_says_what_is_due_with_whom():
    (event,) = events(ics.calendar([entry(is_overdue=True)], RU, AT))
    assert (event["DTSTART"], event["DTEND"]) == ("20261120", "20261121")
    assert event["SUMMARY"] == "Обещание: Ромашка"
    assert event["DESCRIPTION"] == "Текст: Прислать счёт\nКлиент: Ромашка\nОтветственный: Иванов\nСрок обещания.\nПросрочено."
    assert (event["DTSTAMP"], event["TRANSP"]) == ("20261120T093000Z", "TRANSPARENT")
    (event,) = events(ics.calendar([entry("order", last=DAY + timedelta(days=2), what=None, who=None)], EN, AT))
    assert (event["DTSTART"], event["DTEND"], event["SUMMARY"]) == ("20261120", "20261123", "Pre-order window: Ромашка")


def test_file_is_a_calendar_and_its_lines_are_short():
    content = ics.calendar([entry(what="Ы" * 500)], RU, AT)
    assert content.startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") and content.endswith(b"END:VCALENDAR\r\n")
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    assert lines(ics.calendar([], RU, AT))[:3] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Ritm//Ritm//RU"]
    assert b"BEGIN:VEVENT" not in ics.calendar([], RU, AT)


def test_second_file_moves_an_event_and_doubles_none():
    (before,) = events(ics.calendar([entry()], RU, AT))
    (after,) = events(ics.calendar([entry(on=DAY + timedelta(days=7), what="Другое")], EN, AT + timedelta(minutes=1)))
    assert before["UID"] == after["UID"] and int(after["SEQUENCE"]) == int(before["SEQUENCE"]) + 1
    others = [entry(key="p2"), entry("touch", "p1"), entry("order", "p1")]
    assert len({ics.uid(one) for one in [entry(), *others]}) == 4


@pytest.mark.parametrize("kind", diary.KINDS)
@pytest.mark.parametrize("t", [RU, EN], ids=["ru", "en"])
def test_every_kind_has_its_words(kind, t):
    (event,) = events(ics.calendar([entry(kind)], t, AT))
    assert "[" not in event["SUMMARY"] + event["DESCRIPTION"] + event["CATEGORIES"]


def test_hostile_names_come_back_to_the_letter_and_put_nothing_in():
    extra = ("a\\Nb\\nc", "x\r\nEND:VEVENT\r\nBEGIN:VEVENT", "tab\there", "ends with \\")
    names = [*NAMES, *extra]
    made = [entry(key=name, client_name=name, who=name, what=name) for name in names]
    content = ics.calendar(made, EN, AT)
    found = events(content)
    for name, event in zip(names, found, strict=True):
        plain = name.replace("\r\n", "\n")
        assert event["SUMMARY"] == f"Promise: {plain}"
        assert event["DESCRIPTION"] == f"Text: {plain}\nClient: {plain}\nOwner: {plain}\nThe promise is due."
        assert set(event) == WRITTEN
    assert len({event["UID"] for event in found}) == len(names)
    heads = {re.split("[:;]", line)[0] for line in lines(content) if line}
    assert heads == {*WRITTEN, "BEGIN", "END", "VERSION", "PRODID", "CALSCALE", "METHOD", "X-WR-CALNAME"}
    assert not re.search(r"^(URL|ATTACH|ATTENDEE|ORGANIZER|BEGIN:VALARM)", "\n".join(lines(content)), re.MULTILINE)


def test_controls_and_breaks_that_some_readers_take_for_the_end_of_a_line_are_none():
    (event,) = events(content := ics.calendar([entry(client_name="a\x00b\x0bc\x85d\u2028e\rf", what=None)], EN, AT))
    assert event["SUMMARY"] == "Promise: a b c d\ne\nf"
    assert content.decode().replace("\r\n", "").isprintable()

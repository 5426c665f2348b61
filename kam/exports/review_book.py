"""The weekly review as an xlsx book: a cover with the figures, a sheet a section, decisions, lines set aside, clients.

Every line is linked with its client's row of the last sheet, and back. Knows the review's tree, no xlsxwriter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from kam.exports import raised, wording
from kam.exports.books import BookColumn, BookSheet, Place, book
from kam.formats import SIGNS
from kam.i18n import Translator
from kam.minutes import Decision
from kam.review import Line, Reason, Review, Section, day_or_text, place_of, sentence

# The facts of a section's sentences that stand as columns of their own: fact → the column it is elsewhere.
FACTS: Mapping[str, Mapping[str, str]] = {
    "silent_moves": {"text": "text", "from_on": "from_due_on", "to_on": "to_due_on", "found_on": "found_on", "count": "silent_move_count"},
    "overdue": {
        "text": "text", "due_on": "due_on", "count": "days_overdue", "working_days": "working_days_overdue", "moves": "move_count",
    },
    "forgotten": {"last_on": "last_event_on", "count": "silent_days"},
    "drowsing": {"count": "days_since_order", "cycle_days": "cycle_days", "cycles_missed": "cycles_missed"},
    "expected_orders": {"expected_on": "expected_order_on", "count": "days_left", "opens_on": "window_opens_on"},
    "touches_owed": {"count": "owed_count", "mandatory": "owed_mandatory", "standard": "owed_standard", "need": "owed_need"},
    "annual_meetings": {"held_on": "last_held_on", "due_on": "due_on"},
    "hollow_contracts": {"touches": "touch_count", "problems": "problem_count", "confirmed_on": "confirmed_on"},
    "single_threads": {"person": "contact_name", "known": "person_count"},
    "good_news": {"text": "text", "done_on": "done_on"},
}  # fmt: skip
DECISION_KINDS: Mapping[str, str] = {
    "decision": "text", "who": "text", "original_due_on": "day", "due_on": "day", "decision_state": "text", "done_on": "day",
    "days_overdue": "count", "move_count": "count", "silent_move_count": "count", "told": "text",
}  # fmt: skip
WIDE, SIDE, NARROW = 56.0, 34.0, 20.0


@dataclass
class _Column:
    """A column while it is filled, a value a row."""

    heading: str
    kind: str = "text"
    width: float | None = None
    is_summed: bool = False
    values: list[Any] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    links: list[Place | None] = field(default_factory=list)

    def add(self, value: Any, link: Place | None = None, kind: str | None = None) -> None:
        self.values.append(value)
        self.links.append(link)
        self.kinds.append(kind or self.kind)


_NUMBERS = frozenset({"money", "percent", "count", "decimal", "change", "points"})


def _type(kind: str) -> pa.DataType:
    return pa.float64() if kind in _NUMBERS else pa.date32() if kind == "day" else pa.string()


def _sheet(title: str, columns: Sequence[_Column], **more: Any) -> BookSheet:
    arrays = [pa.array([_plain(value) for value in one.values], _type(one.kind)) for one in columns]
    made = tuple(BookColumn(one.heading, one.kind, one.width, one.kinds, one.links, one.is_summed) for one in columns)
    return BookSheet(title, pa.table(arrays, names=[str(number) for number in range(len(columns))]), made, **more)


def _plain(value: Any) -> Any:
    """Decimals become what a book holds; everything before was exact."""
    return float(value) if hasattr(value, "as_tuple") else value


def review_book(review: Review, t: Translator, filters: Mapping[str, str] | None = None) -> bytes:
    """The review as a book. filters: what it was narrowed by beside the manager. → bytes."""
    return book(_Book(review, t, filters or {}).sheets(), t.language)


class _Book:
    """The sheets of one review."""

    def __init__(self, review: Review, t: Translator, filters: Mapping[str, str]) -> None:
        self.review, self.t, self.filters = review, t, filters
        self.head = " · ".join([wording.title(review, t), *([review.manager] if review.manager else [])])
        self.sections = [section for section in review.sections if section.lines]
        self.lines = [line for section in self.sections for line in section.lines]
        self.clients = {line.client_id: number for number, line in enumerate(self._with_client())}
        self.places: dict[str, Place] = {}

    def sheets(self) -> list[BookSheet]:
        sections = [self._section(section) for section in self.sections]  # first: the clients lead to their lines
        questions = raised.sheets(self.review, self.t, self._card, self._over)
        parts = [self._cover(), self._changes(), *sections, *questions, self._decisions(), self._asides(), self._clients()]
        return [part for part in parts if part is not None]

    # The cover

    def _cover(self) -> BookSheet:
        above = [wording.title(self.review, self.t), *wording.standing(self.review, self.t, self.filters)]
        if self.t.currency:
            above.append(self.t("paper.currency", sign=SIGNS.get(self.t.currency, self.t.currency)))
        names = ("figure", "now", "before", "difference", "made_by")
        figure, now, before, difference, behind = columns = [_Column(self.t(f"paper.{name}")) for name in names]
        figure.width, behind.width = SIDE + 8, WIDE + 20
        now.kind = before.kind = difference.kind = "money"
        now.width = before.width = difference.width = NARROW
        for one in self.review.figures:
            figure.add(self.t(f"review.figures.{one.name}"), Place(self.t("paper.changes")) if one.changes else None)
            is_share = one.kind == "percent"
            now.add(one.value, kind=one.kind)
            before.add(one.before, kind=one.kind)
            moved = one.difference if one.difference is None or not is_share else one.difference * 100
            difference.add(moved, kind="points" if is_share else "change")
            behind.add(wording.behind(self.review, one, self.t) or None)
        return _sheet(self.t("paper.cover"), columns, above=tuple(above), head=self.head, below=self._below())

    def _below(self) -> tuple[BookSheet, ...]:
        return (self._contents(), *raised.contents(self.review, self.t))

    def _contents(self) -> BookSheet:
        """The sections with lines and money; of the empty ones whether there is nothing or nothing is known."""
        names = ("section", "lines", "money", "share", "owners")
        section, lines, money, share, owners = columns = [_Column(self.t(f"paper.{name}")) for name in names]
        lines.kind, money.kind, share.kind, lines.is_summed, money.is_summed = "count", "money", "percent", True, True
        owners.width = WIDE
        for one in self.review.sections:
            title = wording.section_title(one.name, self.t)
            section.add(title, Place(self._tab(one.name)) if one.lines else None)
            lines.add(len(one.lines))
            money.add(one.money)
            share.add(one.money / self.review.money if self.review.money > 0 else None)
            owners.add(self._owners(one) if one.lines else wording.empty(self.review, one.name, self.t))
        return _sheet(self.t("paper.agenda"), columns, total=self.t("paper.total"))

    def _owners(self, section: Section) -> str:
        t = self.t
        return "; ".join(
            t("review.by_owner", owner=owner or t("review.nobody"), count=count, money=t.money_short(money))
            for owner, count, money in section.by_owner()
        )

    def _changes(self) -> BookSheet | None:
        """Every client that made a figure differ: its parts add up to the difference."""
        headings = ("paper.figure", "columns.client_name", "paper.before", "paper.now", "paper.part")
        figure, client, before, now, part = columns = [_Column(self.t(key)) for key in headings]
        before.kind = now.kind = part.kind = "money"
        for one in self.review.figures:
            is_share = one.kind == "percent"
            for change in one.changes:
                figure.add(self.t(f"review.figures.{one.name}"))
                client.add(change.client_name or self.t("review.no_client"), self._card(change.client_id))
                before.add(change.before, kind=one.kind)
                now.add(change.now, kind=one.kind)
                part.add(change.difference * (100 if is_share else 1), kind="points" if is_share else "change")
        return _sheet(self.t("paper.changes"), columns, head=self._over(self.t("paper.changes"))) if figure.values else None

    # Sections

    def _section(self, section: Section) -> BookSheet:
        """A row per reason of the section, or per decision to be settled; number and money stand in a line's first row."""
        t, title = self.t, self._tab(section.name)
        number = _Column(t("paper.number"), "count", width=7)
        money = _Column(t("paper.money"), "money", is_summed=True)
        client, class_, key, owner = (_Column(t(f"columns.{name}")) for name in ("client_name", "class", "key_client", "owner"))
        client.width, owner.width = SIDE, NARROW
        why, also = _Column(t("columns.why"), width=WIDE), _Column(t("paper.also"), width=WIDE)
        facts = self._facts(section)
        what, who, by = _Column(t("columns.decision"), width=SIDE), _Column(t("review.who"), width=NARROW), _Column(t("review.by"), "day")
        for place, line in enumerate(section.lines):
            self.places[line.item_id] = Place(title, len(number.values))
            own = [reason for reason in line.reasons if reason.section == section.name]
            for row in range(max(len(own), len(line.asked), len(line.made), 1)):
                is_first = row == 0
                reason = own[row] if row < len(own) else None
                number.add(place + 1 if is_first else None)
                client.add(wording.client(line, t), self._card(line.client_id))
                class_.add(line.class_)
                key.add(t("review.key") if line.is_key else None)
                owner.add(line.owner)
                money.add(line.money if is_first else None)
                why.add(sentence(reason, t) if reason else None)
                also.add("\n".join(wording.reasons(line, t)[1]) if is_first else None)
                for fact in facts:
                    fact.take(reason, line.asked[row] if row < len(line.asked) else None)
                made = line.made[row] if row < len(line.made) else None
                what.add(made.what if made else None)
                who.add(made.who if made else None)
                by.add(made.due_on if made else None)
        known = [fact.column for fact in facts if any(value is not None for value in fact.column.values)]
        columns = [number, client, class_, key, owner, money, why, *known, also, what, who, by]
        left = [one for one in columns if one not in (why, also) or any(one.values)]
        head = self._over(wording.section_title(section.name, t))
        return _sheet(title, left, total=t("paper.total"), head=head, frozen=left.index(client) + 1)

    def _tab(self, name: str) -> str:
        """The name of a section's sheet: short, as a tab bears 31 characters."""
        return f"{place_of(name)}. {self.t(f'paper.short.{name}')}"

    def _facts(self, section: Section) -> list[_Fact]:
        t, names = self.t, FACTS.get(section.name, {})
        if section.name == "decisions":
            return [_Fact(_Column(t(f"columns.{name}"), kind), self._asked(name)) for name, kind in DECISION_KINDS.items()]
        return [_Fact(_Column(t(f"columns.{name}"), _kind(name)), _fact(fact)) for fact, name in names.items()]

    def _asked(self, name: str) -> Callable[[Reason | None, Decision | None], Any]:
        def value(_: Reason | None, one: Decision | None) -> Any:
            return None if one is None else self._decision(one)[name]

        return value

    def _decision(self, one: Decision) -> dict[str, Any]:
        as_of = self.review.as_of
        return {
            "decision": one.what, "who": one.who, "original_due_on": one.original_due_on, "due_on": one.due_on,
            "decision_state": self.t(f"values.decision_state.{one.state(as_of)}"), "done_on": one.done_on,
            "days_overdue": one.days_overdue(as_of), "move_count": len(one.moves), "silent_move_count": one.silent_move_count,
            "told": "; ".join(step.reason for step in one.steps if step.reason) or None,
        }  # fmt: skip

    def _whole(self, line: Line) -> str | None:
        """Every sentence of a line."""
        return "\n".join(sentence(reason, self.t) for reason in line.reasons) or None

    # Decisions, lines set aside, clients

    def _decisions(self) -> BookSheet | None:
        """The decisions made in this review."""
        t = self.t
        client = _Column(t("columns.client_name"), width=SIDE)
        columns = {name: _Column(t(f"columns.{name}"), DECISION_KINDS[name]) for name in ("decision", "who", "due_on")}
        columns["decision"].width = WIDE
        for one in self.review.decisions:
            client.add(one.client_name or t("review.no_client"), self._card(one.client_id))
            for name, column in columns.items():
                column.add(self._decision(one)[name])
        if not client.values:
            return None
        return _sheet(t("review.decisions"), [client, *columns.values()], head=self._over(t("review.decisions")))

    def _asides(self) -> BookSheet | None:
        t = self.t
        client, owner = _Column(t("columns.client_name"), width=SIDE), _Column(t("columns.owner"), width=NARROW)
        money, until = _Column(t("paper.money"), "money", is_summed=True), _Column(t("review.aside_until"), "day")
        reason, why = _Column(t("review.aside_reason"), width=SIDE), _Column(t("columns.why"), width=WIDE)
        for line in self.review.set_aside:
            client.add(wording.client(line, t), self._card(line.client_id))
            owner.add(line.owner)
            money.add(line.money)
            until.add(line.aside.until if line.aside else None)
            reason.add(line.aside.reason if line.aside else None)
            why.add(self._whole(line))
        if not client.values:
            return None
        title = t("paper.asides")
        return _sheet(title, [client, owner, money, until, reason, why], total=t("paper.total"), head=self._over(title))

    def _with_client(self) -> list[Line]:
        """The clients on the agenda, a line each, by name."""
        lines = {line.client_id: line for line in reversed(self.lines) if line.client_id is not None}
        return sorted(lines.values(), key=lambda line: (wording.client(line, self.t).casefold(), line.client_id or ""))

    def _clients(self) -> BookSheet | None:
        """A row a client: everything that the review says of it. Its name leads back to its line."""
        t, title = self.t, self.t("paper.clients")
        names = ("client_name", "client_id", "class", "key_client", "manager")
        client, code, class_, key, manager = columns = [_Column(t(f"columns.{name}")) for name in names]
        client.width, manager.width = SIDE, NARROW
        section, money = _Column(t("paper.section"), width=SIDE), _Column(t("paper.money"), "money", is_summed=True)
        why, decided = _Column(t("columns.why"), width=WIDE + 10), _Column(t("columns.decision"), width=SIDE)
        for line in self._with_client():
            client.add(wording.client(line, t), self.places[line.item_id])
            code.add(line.client_id)
            class_.add(line.class_)
            key.add(t("review.key") if line.is_key else None)
            manager.add(line.manager)
            section.add(wording.section_title(line.section, t), self.places[line.item_id])
            money.add(line.money)
            why.add(self._whole(line))
            decided.add("\n".join(wording.decided(one, t) for one in (*line.asked, *line.made)) or None)
        if not client.values:
            return None
        return _sheet(title, [*columns, section, money, why, decided], total=t("paper.total"), head=self._over(title), frozen=1)

    def _card(self, client_id: str | None) -> Place | None:
        row = self.clients.get(client_id)
        return None if row is None else Place(self.t("paper.clients"), row)

    def _over(self, title: str) -> str:
        return f"{self.head} · {title}"


@dataclass
class _Fact:
    """A column that a reason, or a decision to be settled, fills."""

    column: _Column
    value: Callable[[Reason | None, Decision | None], Any]

    def take(self, reason: Reason | None, asked: Decision | None) -> None:
        value = self.value(reason, asked)
        is_text = _type(self.column.kind) == pa.string()
        self.column.add(str(value) if is_text and value is not None else value)


def _fact(name: str) -> Callable[[Reason | None, Decision | None], Any]:
    def value(reason: Reason | None, _: Decision | None) -> Any:
        found = reason.facts.get(name) if reason else None
        return day_or_text(found) if name.endswith("_on") else found

    return value


def _kind(name: str) -> str:
    if name in ("text", "contact_name"):
        return "text"
    return "day" if name.endswith("_on") else "decimal" if name in ("cycle_days", "cycles_missed") else "count"

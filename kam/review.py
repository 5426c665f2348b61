"""The weekly review as one frozen tree (METHOD 8): headline figures with what changed them, sections of lines, decisions.

An open review is made of the data (`gather`) and of the minutes (`open_review`); a closed one comes back as it was frozen.
Screens and papers are drawn from the tree. Knows no screen, no SQL but the names of marts, no words but `sentence`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pyarrow as pa

from kam import frozen
from kam.errors import KamError
from kam.i18n import Translator
from kam.minutes import Decision, Held, Minutes, SetAside
from kam.workspace import Workspace

SECTIONS = (
    "decisions", "silent_moves", "overdue", "forgotten", "drowsing", "expected_orders", "touches_owed", "annual_meetings",
    "hollow_contracts", "single_threads", "good_news",
)  # fmt: skip
NOTHING = Decimal(0)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONEY = ("money", "revenue", "amount")


@dataclass(frozen=True)
class Source:
    """The rows behind a line: a mart and its parameters, dates as ISO text."""

    mart: str
    params: dict[str, Any]


@dataclass(frozen=True)
class Reason:
    """Why a client stands on the agenda: the sentence agenda.reasons.<code> with its facts, and the rows behind it."""

    section: str
    item_id: str
    code: str
    facts: dict[str, Any]
    money: Decimal | None
    source: Source | None


@dataclass(frozen=True)
class Line:
    """A client (or a matter of no known client) with everything that is to be said of it.

    money: what is at stake by the rule of the section it stands in, of a decision by that of its first reason, else the
    client's revenue. owner: who answers for the first reason. asked: decisions of earlier reviews to be settled; made: those of this review; aside: while it is set
    aside, until when and why.
    """

    section: str
    client_id: str | None
    client_name: str | None
    owner: str | None
    manager: str | None
    class_: str | None
    is_key: bool
    money: Decimal | None
    reasons: tuple[Reason, ...] = ()
    asked: tuple[Decision, ...] = ()
    made: tuple[Decision, ...] = ()
    aside: SetAside | None = None

    @property
    def item_id(self) -> str:
        """What tells the line from the others of its review."""
        first = self.reasons[0].item_id if self.reasons else f"decision:{self.asked[0].number}"
        return f"client:{self.client_id}" if self.client_id is not None else first

    @property
    def items(self) -> tuple[str, ...]:
        """The items of its reasons: what is set aside with it."""
        return tuple(reason.item_id for reason in self.reasons)


@dataclass(frozen=True)
class Section:
    """A section of the agenda, its lines by money."""

    name: str
    lines: tuple[Line, ...]

    @property
    def money(self) -> Decimal:
        return sum((line.money for line in self.lines if line.money is not None), NOTHING)

    def by_owner(self) -> list[tuple[str, int, Decimal]]:
        """(owner, lines, money), most money first; '' is nobody."""
        groups: dict[str, list[Line]] = {}
        for line in self.lines:
            groups.setdefault(line.owner or "", []).append(line)
        totals = [(owner, len(lines), Section(self.name, tuple(lines)).money) for owner, lines in groups.items()]
        return sorted(totals, key=lambda total: (-total[2], total[0]))


@dataclass(frozen=True)
class Part:
    """What a client adds to a figure: an amount, or so many `of` so many in a share."""

    client_name: str
    amount: Decimal
    of: int | None = None


@dataclass(frozen=True)
class Change:
    """A client that made a figure differ: its part before and now (None: none), and its part of the difference."""

    client_id: str
    client_name: str
    before: Decimal | None
    now: Decimal | None
    difference: float


@dataclass(frozen=True)
class Figure:
    """A headline figure: kind money, count or percent; value None is unknown. before: of the review before, difference: of
    the two, which the changes add up to; None where one is unknown. parts: client → what it adds, kept for the next review."""

    name: str
    kind: str
    value: float | None
    before: float | None = None
    difference: float | None = None
    changes: tuple[Change, ...] = ()
    parts: dict[str, Part] = field(default_factory=dict)


@dataclass(frozen=True)
class Review:
    """A review. held is None while it is open; previous: the closed one that its figures are held against.

    decisions: those made in it; set_aside: the lines that do not stand in its sections.
    """

    as_of: date
    manager: str | None
    figures: tuple[Figure, ...]
    sections: tuple[Section, ...]
    set_aside: tuple[Line, ...]
    decisions: tuple[Decision, ...]
    previous: Held | None = None
    held: Held | None = None

    @property
    def line_count(self) -> int:
        return sum(len(section.lines) for section in self.sections)

    @property
    def money(self) -> Decimal:
        return sum((section.money for section in self.sections), NOTHING)

    def section(self, name: str) -> Section:
        """A section by its name; empty where it has no lines."""
        return next((section for section in self.sections if section.name == name), Section(name, ()))


def sentence(reason: Reason, t: Translator, escape: Callable[[str], object] = str) -> str:
    """Why, in the words of the language: days and money written as such. escape: what is done to the texts of the data."""
    return t(f"agenda.reasons.{reason.code}", **{name: _fact(name, value, t, escape) for name, value in reason.facts.items()})


def _fact(name: str, value: Any, t: Translator, escape: Callable[[str], object]) -> object:
    if isinstance(value, str):
        day = day_or_text(value)
        return escape(day) if isinstance(day, str) else day
    if name.endswith(_MONEY) and isinstance(value, (int, float)):
        return escape(t.money(value))
    return value


def day_or_text(value: Any) -> Any:
    """ISO text as the date it is; anything else stays."""
    return date.fromisoformat(value) if isinstance(value, str) and _DAY.fullmatch(value) else value


# The data: what the marts say, before anything of the minutes


@dataclass(frozen=True)
class Item:
    """A row of marts.weekly_agenda: a reason and the client it is about."""

    reason: Reason
    client_id: str | None
    client_name: str | None
    owner: str | None
    manager: str | None
    class_: str | None
    is_key: bool


@dataclass(frozen=True)
class Client:
    """What a line takes of a client that stands on the agenda for a decision alone."""

    name: str
    manager: str | None
    class_: str | None
    revenue: Decimal | None


@dataclass(frozen=True)
class Gathered:
    """Everything that a review takes from the data. is_narrowed: by more than the manager; such a view has no review before
    it to be held against, and cannot be closed."""

    as_of: date
    manager: str | None
    is_narrowed: bool
    items: tuple[Item, ...]
    clients: Mapping[str, Client]
    figures: tuple[Figure, ...]


Fetch = Callable[..., pa.Table]


def gather(fetch: Fetch, as_of: date, filters: Mapping[str, str], tables: frozenset[str]) -> Gathered:
    """Asks the marts. fetch(mart, **params): as of the date and with the filters; tables: those that hold rows."""
    agenda = fetch("marts.weekly_agenda")
    items = tuple(_item(row) for row in agenda.to_pylist())
    rows = fetch("marts.home_clients").to_pylist()
    clients = {row["client_id"]: Client(row["client_name"], row["manager"], row["class"], row["revenue"]) for row in rows}
    figures = tuple(_figures(fetch, rows, items, tables))
    narrow = frozenset(filters) - {"manager"}
    return Gathered(as_of, filters.get("manager"), bool(narrow), items, clients, figures)


def of_workspace(ws: Workspace, as_of: date | None = None, manager: str | None = None) -> Review:
    """The open review of a workspace, as the page shows it: for the command line and for papers."""
    extent = ws.fetch("marts.data_extent").to_pylist()[0]
    day: date | None = as_of or extent["default_as_of"]
    if day is None:
        raise KamError("errors.review_no_date")
    counted = {"orders": "order_line_count", "touches": "touch_count", "promises": "promise_count"}
    tables = frozenset(table for table, count in counted.items() if extent[count])

    def fetch(mart: str, **params: Any) -> pa.Table:
        return ws.fetch(mart, as_of=day, manager=manager, **params)

    return open_review(gather(fetch, day, {"manager": manager} if manager else {}, tables), Minutes(ws.journal))


def _item(row: Mapping[str, Any]) -> Item:
    evidence = json.loads(row["evidence"]) if row["evidence"] else None
    source = Source(evidence["mart"], evidence["params"]) if evidence else None
    facts = json.loads(row["facts"]) if row["facts"] else {}
    reason = Reason(row["section"], row["item_id"], row["reason_code"], facts, row["money"], source)
    return Item(reason, row["client_id"], row["client_name"], row["owner"], row["manager"], row["class"], bool(row["is_key"]))


def _figures(fetch: Fetch, clients: Sequence[Mapping[str, Any]], items: Sequence[Item], tables: frozenset[str]) -> Iterable[Figure]:
    """The headline figures, each a sum or a share of what single clients add: unknown where its table was never loaded."""
    promised = "promises" in tables
    due = fetch("marts.promise_list", scope="due").to_pylist() if promised else []
    forgotten = {item.client_id: item.client_name for item in items if item.reason.section == "forgotten"}
    yield _figure("revenue", "money", _parts(clients, lambda row: row["revenue"]))
    yield _figure("slipping", "count", _parts(clients, lambda row: row["is_slipping"]))
    yield _share("served", clients, "is_served", lambda row: row["is_served"] or row["is_below"], "touches" in tables)
    yield _counted("forgotten", [{"client_id": one, "client_name": name} for one, name in forgotten.items()], "touches" in tables)
    yield _counted("overdue", fetch("marts.promise_list", scope="overdue").to_pylist() if promised else [], promised)
    yield _counted("silent", fetch("marts.silent_moves").to_pylist() if promised else [], promised)
    yield _share("kept", due, "is_kept", lambda row: True, promised)


def _parts(rows: Iterable[Mapping[str, Any]], amount: Callable[[Mapping[str, Any]], Any]) -> dict[str, Part]:
    """Client → the sum of what its rows add; those that add nothing are left out."""
    parts: dict[str, Part] = {}
    for row in rows:
        added, key = Decimal(amount(row) or 0), row["client_id"] or ""
        if added:
            parts[key] = Part(row["client_name"] or key, added + (parts[key].amount if key in parts else 0))
    return parts


def _figure(name: str, kind: str, parts: dict[str, Part], is_known: bool = True) -> Figure:
    return Figure(name, kind, _value(parts, kind) if is_known else None, parts=parts)


def _counted(name: str, rows: Sequence[Mapping[str, Any]], is_known: bool) -> Figure:
    return _figure(name, "count", _parts(rows, lambda row: 1), is_known)


def _share(
    name: str,
    rows: Iterable[Mapping[str, Any]],
    counted: str,
    is_judged: Callable[[Mapping[str, Any]], Any],
    is_known: bool,
) -> Figure:
    parts: dict[str, Part] = {}
    for row in rows if is_known else ():
        if is_judged(row):
            key = row["client_id"] or ""
            before = parts.get(key, Part(row["client_name"] or key, NOTHING, 0))
            parts[key] = Part(before.client_name, before.amount + bool(row[counted]), (before.of or 0) + 1)
    return _figure(name, "percent", parts, is_known)


def _value(parts: Mapping[str, Part], kind: str) -> float | None:
    amount = sum((part.amount for part in parts.values()), NOTHING)
    if kind != "percent":
        return float(amount)
    of = sum(part.of or 0 for part in parts.values())
    return float(Fraction(amount) / of) if of else None


# Beside the review before


def compared(figure: Figure, before: Figure | None) -> Figure:
    """The figure with the value of the review before, the difference, and the clients that made it."""
    if before is None or before.value is None:
        return figure
    if figure.value is None:
        return Figure(figure.name, figure.kind, None, before.value)
    changes = _shares_changed(figure, before) if figure.kind == "percent" else _amounts_changed(figure, before)
    found = tuple(sorted(changes, key=lambda change: (-abs(change.difference), change.client_name, change.client_id)))
    return Figure(
        figure.name, figure.kind, figure.value, before.value, figure.value - before.value,
        tuple(change for change in found if change.difference), figure.parts,
    )  # fmt: skip


def _pairs(figure: Figure, before: Figure) -> Iterable[tuple[str, str, Part | None, Part | None]]:
    for key in {**before.parts, **figure.parts}:
        now, then = figure.parts.get(key), before.parts.get(key)
        yield key, (now or then or Part("", NOTHING)).client_name, then, now


def _amounts_changed(figure: Figure, before: Figure) -> Iterable[Change]:
    for key, name, then, now in _pairs(figure, before):
        difference = (now.amount if now else NOTHING) - (then.amount if then else NOTHING)
        yield Change(key, name, then.amount if then else None, now.amount if now else None, float(difference))


def _shares_changed(figure: Figure, before: Figure) -> Iterable[Change]:
    """Each client's part of the difference of two shares K/D − k/d.

    With r the mean of the shares and m the mean of D and d it is ((K_i − k_i) − r·(D_i − d_i)) / m: the sum over clients is
    K/D − k/d exactly, and a client that stayed as it was has no part in it.
    """
    sums = [(_sum(one, lambda part: part.amount), _sum(one, lambda part: part.of or 0)) for one in (figure, before)]
    (kept, of), (kept_before, of_before) = sums
    rate, mean = (kept / of + kept_before / of_before) / 2, (of + of_before) / 2
    for key, name, then, now in _pairs(figure, before):
        amounts = Fraction(now.amount if now else 0) - Fraction(then.amount if then else 0)
        judged = (now.of or 0 if now else 0) - (then.of or 0 if then else 0)
        yield Change(key, name, _rate(then), _rate(now), float((amounts - rate * judged) / mean))


def _sum(figure: Figure, of: Callable[[Part], Any]) -> Fraction:
    return sum((Fraction(of(part)) for part in figure.parts.values()), Fraction(0))


def _rate(part: Part | None) -> Decimal | None:
    return part.amount / part.of if part and part.of else None


# The review: the data and the minutes in one


def open_review(data: Gathered, minutes: Minutes) -> Review:
    """The review as it stands now: the agenda without what is set aside, earlier decisions first."""
    held = [one for one in minutes.reviews() if one.as_of <= data.as_of]
    decisions = [_as_known(one, data.as_of) for one in minutes.decisions() if one.made_on <= data.as_of]
    asked = [one for one in decisions if _is_asked(one, data, held)]
    made = [one for one in decisions if one.review is None and _concerns(one, data)]
    asides = {one.item_id: one for one in minutes.set_asides() if one.covers(data.as_of)}
    previous = None if data.is_narrowed else next((one for one in held if one.manager == data.manager), None)
    before = {figure.name: figure for figure in closed_review(minutes, previous).figures} if previous else {}
    return Review(
        as_of=data.as_of,
        manager=data.manager,
        figures=tuple(compared(figure, before.get(figure.name)) for figure in data.figures),
        sections=_sections(data, asked, made, asides),
        set_aside=_lines(data, [item for item in data.items if item.reason.item_id in asides], (), (), asides),
        decisions=tuple(made),
        previous=previous,
    )


def _as_known(decision: Decision, as_of: date) -> Decision:
    """A decision with what was said of it by the date."""
    steps = tuple(step for step in decision.steps if step.told_on <= as_of)
    return Decision(**{**vars(decision), "steps": steps})


def _is_asked(decision: Decision, data: Gathered, held: Sequence[Held]) -> bool:
    """Whether the review asks what became of a decision: one of an earlier review, settled in no minutes yet."""
    if decision.review is None or decision.review not in {one.number for one in held}:
        return False
    return not (decision.is_settled and decision.steps[-1].review is not None) and _concerns(decision, data)


def _concerns(decision: Decision, data: Gathered) -> bool:
    """Whether a decision belongs to the view: a manager's are those of its own review and those it has to do."""
    if data.manager and data.manager not in (decision.manager, decision.who):
        return False
    return not data.is_narrowed or decision.client_id in data.clients


def _sections(
    data: Gathered, asked: Sequence[Decision], made: Sequence[Decision], asides: Mapping[str, SetAside]
) -> tuple[Section, ...]:
    items = [item for item in data.items if item.reason.item_id not in asides]
    found: dict[str, list[Line]] = {name: [] for name in SECTIONS}
    for line in _lines(data, items, asked, made, {}):
        found[line.section].append(line)
    return tuple(Section(name, tuple(lines)) for name, lines in found.items())


def _lines(
    data: Gathered,
    items: Iterable[Item],
    asked: Iterable[Decision],
    made: Sequence[Decision],
    asides: Mapping[str, SetAside],
) -> tuple[Line, ...]:
    """One line a client, in the first of its sections, with all its reasons; by money."""
    decided: dict[str, list[Decision]] = {}
    for decision in asked:
        decided.setdefault(_key(decision.client_id, f"decision:{decision.number}"), []).append(decision)
    grouped: dict[str, list[Item]] = {key: [] for key in decided}
    for item in items:
        grouped.setdefault(_key(item.client_id, item.reason.item_id), []).append(item)
    lines = [_line(data, group, decided.get(key, []), made, asides) for key, group in grouped.items()]
    return tuple(sorted(lines, key=lambda line: (-(line.money or NOTHING), line.client_name or "", line.item_id)))


def _key(client_id: str | None, item_id: str) -> str:
    return item_id if client_id is None else f"client:{client_id}"


def _line(
    data: Gathered,
    items: Sequence[Item],
    asked: Sequence[Decision],
    made: Sequence[Decision],
    asides: Mapping[str, SetAside],
) -> Line:
    items = sorted(items, key=lambda item: SECTIONS.index(item.reason.section))
    reasons = tuple(item.reason for item in items)
    client_id = items[0].client_id if items else asked[0].client_id
    client = data.clients.get(client_id) if client_id is not None else None
    known = items[0] if items else None
    numbers = {reason.item_id for reason in reasons}
    about = [one for one in made if (one.client_id == client_id if client_id is not None else one.item_id in numbers)]
    return Line(
        section="decisions" if asked else reasons[0].section,
        client_id=client_id,
        client_name=known.client_name if known else client.name if client else asked[0].client_name,
        owner=asked[0].who if asked else known.owner if known else None,
        manager=known.manager if known else client.manager if client else None,
        class_=known.class_ if known else client.class_ if client else None,
        is_key=bool(known and known.is_key),
        money=_stake(reasons) if reasons else client.revenue if client else None,
        reasons=reasons,
        asked=tuple(asked),
        made=tuple(about),
        aside=next((asides[reason.item_id] for reason in reasons if reason.item_id in asides), None),
    )


def _stake(reasons: Sequence[Reason]) -> Decimal | None:
    """What the section of the first reason puts at stake: the most it names, since its reasons are about the same money."""
    money = [reason.money for reason in reasons if reason.section == reasons[0].section and reason.money is not None]
    return max(money, default=None)


# Closing and opening again


def close(minutes: Minutes, review: Review, held_on: date) -> int:
    """Freezes the review: its figures, lines and decisions as they are. Raises KamError when the minutes moved on."""
    figures = [frozen.plain(figure) for figure in review.figures]
    lines = frozen.plain(Review(review.as_of, review.manager, (), *_body(review), review.previous))
    asked = [decision for section in review.sections for line in section.lines for decision in line.asked]
    newest = next(iter(minutes.reviews()), None)
    return minutes.close(
        held_on,
        review.as_of,
        review.manager,
        figures,
        lines,
        newest=newest.number if newest else None,
        steps={decision.number: len(decision.steps) for decision in (*review.decisions, *asked)},
    )


def _body(review: Review) -> tuple[tuple[Section, ...], tuple[Line, ...], tuple[Decision, ...]]:
    return review.sections, review.set_aside, review.decisions


def closed_review(minutes: Minutes, held: Held) -> Review:
    """A closed review as it was."""
    figures, lines = minutes.frozen(held.number)
    body = frozen.made(Review, lines)
    known = tuple(frozen.made(Figure, figure) for figure in figures)
    return Review(body.as_of, body.manager, known, *_body(body), body.previous, held)


# Lists of decisions, for a table and a book


def decisions_table(decisions: Iterable[Decision], held: Iterable[Held], as_of: date) -> pa.Table:
    """Decisions with what became of them as of a date, one a row, those that are due first on top."""
    days = {one.number: one.held_on for one in held}
    rows = sorted(decisions, key=lambda one: (one.is_settled, one.due_on, one.number))
    columns: dict[str, tuple[pa.DataType, Callable[[Decision], object]]] = {
        "number": (pa.int64(), lambda one: one.number),
        "review_on": (pa.date32(), lambda one: days.get(one.review) if one.review else None),
        "client_id": (pa.string(), lambda one: one.client_id),
        "client_name": (pa.string(), lambda one: one.client_name),
        "decision": (pa.string(), lambda one: one.what),
        "who": (pa.string(), lambda one: one.who),
        "original_due_on": (pa.date32(), lambda one: one.original_due_on),
        "due_on": (pa.date32(), lambda one: one.due_on),
        "decision_state": (pa.string(), lambda one: one.state(as_of)),
        "done_on": (pa.date32(), lambda one: one.done_on),
        "days_overdue": (pa.int64(), lambda one: one.days_overdue(as_of)),
        "move_count": (pa.int64(), lambda one: len(one.moves)),
        "silent_move_count": (pa.int64(), lambda one: one.silent_move_count),
        "told": (pa.string(), lambda one: "; ".join(step.reason for step in one.steps if step.reason) or None),
    }
    return pa.table({name: pa.array([value(one) for one in rows], type_) for name, (type_, value) in columns.items()})

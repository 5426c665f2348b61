"""The weekly review as one frozen tree (METHOD 8): headline figures with what changed them, sections of lines, decisions.

An open review is made of the data (`gather`) and of the minutes (`open_review`); a closed one comes back as it was frozen.
Screens and papers are drawn from the tree. Knows no screen, no SQL but the names of marts, no words but `sentence`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from kam import answers, frozen, headline
from kam.agenda_questions import PREFIX, AgendaQuestion
from kam.errors import KamError
from kam.headline import NOTHING, Fetch, Figure
from kam.i18n import Translator
from kam.minutes import Decision, Held, Minutes, Own, SetAside
from kam.workspace import Workspace

SECTIONS = (
    "decisions", "silent_moves", "overdue", "forgotten", "drowsing", "expected_orders", "touches_owed", "annual_meetings",
    "hollow_contracts", "single_threads", "good_news",
)  # fmt: skip
QUESTIONS = "questions"  # the part after them: what people ask of the data themselves, kam.agenda_questions
# What a section is made of: where the sheet was never loaded it is unknown whether there is anything to say.
NEEDS = {
    "silent_moves": "promises", "overdue": "promises", "forgotten": "touches", "expected_orders": "touches",
    "touches_owed": "touches", "annual_meetings": "touches", "hollow_contracts": "touches", "single_threads": "contacts",
}  # fmt: skip
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
    owner: str | None = None


@dataclass(frozen=True)
class Line:
    """A client (or a matter of no known client) with everything that is to be said of it.

    money: what is at stake by the rule of the section it stands in, of a decision by that of its first reason, else the
    client's revenue. owner: who answers for the first reason. asked: decisions of earlier reviews to be settled; made:
    those of this review; aside: while it is set aside, until when and why.
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
class Review:
    """A review. held is None while it is open; previous: the closed one that its figures are held against.

    decisions: those made in it; set_aside: the lines that do not stand in its sections; missing: the tables of NEEDS that
    were never loaded; questions: those on the agenda with their answers, which whoever shows the review puts in.
    """

    as_of: date
    manager: str | None
    figures: tuple[Figure, ...]
    sections: tuple[Section, ...]
    set_aside: tuple[Line, ...]
    decisions: tuple[Decision, ...]
    previous: Held | None = None
    held: Held | None = None
    missing: tuple[str, ...] = ()
    questions: tuple[AgendaQuestion, ...] = ()

    @property
    def line_count(self) -> int:
        return sum(len(section.lines) for section in self.sections)

    @property
    def money(self) -> Decimal:
        return sum((section.money for section in self.sections), NOTHING)

    def section(self, name: str) -> Section:
        """A section by its name; empty where it has no lines."""
        return next((section for section in self.sections if section.name == name), Section(name, ()))

    @property
    def raised(self) -> tuple[AgendaQuestion, ...]:
        """The questions that are lines: with rows, or with a failure."""
        return tuple(question for question in self.questions if question.is_line)

    def decided_at(self, question: AgendaQuestion) -> tuple[Decision, ...]:
        """The decisions of this review that were noted to a question, of its clients and of itself."""
        return tuple(one for one in self.decisions if one.item_id == question.item_id)

    def missing_of(self, name: str) -> str | None:
        """The table without which nothing is known of a section."""
        table = NEEDS.get(name)
        return table if table in self.missing else None


def place_of(name: str) -> int:
    """The number that a section, or the part with the questions, goes by."""
    return (*SECTIONS, QUESTIONS).index(name) + 1


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
    """ISO text as the date it is; anything else stays, the thirteenth month too."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) and _DAY.fullmatch(value) else value
    except ValueError:
        return value


# The data: what the marts say, before anything of the minutes


@dataclass(frozen=True)
class Client:
    """What a line takes of a client that stands on the agenda for a decision alone."""

    name: str
    manager: str | None
    class_: str | None
    revenue: Decimal | None


@dataclass(frozen=True)
class Gathered:
    """Everything that a review takes from the data. lines: by what tells them apart, before anything of the minutes.

    is_narrowed: by more than the manager; such a view has no review before it to be held against, and cannot be closed.
    """

    as_of: date
    manager: str | None
    is_narrowed: bool
    lines: Mapping[str, Line]
    clients: Mapping[str, Client]
    figures: tuple[Figure, ...]
    missing: tuple[str, ...]


def gather(fetch: Fetch, as_of: date, filters: Mapping[str, str], tables: frozenset[str]) -> Gathered:
    """Asks the marts. fetch(mart, **params): as of the date and with the filters; tables: those that hold rows."""
    agenda, rows = fetch("marts.weekly_agenda"), fetch("marts.home_clients").to_pylist()
    clients = {row["client_id"]: Client(row["client_name"], row["manager"], row["class"], row["revenue"]) for row in rows}
    forgotten = agenda.filter(pc.equal(agenda.column("section"), "forgotten")).select(["client_id", "client_name"])
    return Gathered(
        as_of=as_of,
        manager=filters.get("manager"),
        is_narrowed=bool(frozenset(filters) - {"manager"}),
        lines=_lines(agenda),
        clients=clients,
        figures=tuple(headline.figures(fetch, rows, forgotten.to_pylist(), tables)),
        missing=tuple(sorted(frozenset(NEEDS.values()) - tables)),
    )


def of_workspace(ws: Workspace, as_of: date | None = None, manager: str | None = None) -> Review:
    """The open review of a workspace, as the page shows it: for the command line and for papers."""
    extent, manager = ws.extent(), ws.scope or manager
    day: date | None = as_of or extent["default_as_of"]
    if day is None:
        raise KamError("errors.review_no_date")
    counted = {"orders": "order_line_count", "touches": "touch_count", "promises": "promise_count", "contacts": "contact_count"}
    tables = frozenset(table for table, count in counted.items() if extent[count])

    def fetch(mart: str, **params: Any) -> pa.Table:
        return ws.fetch(mart, as_of=day, manager=manager, **params)

    return open_review(gather(fetch, day, {"manager": manager} if manager else {}, tables), minutes_of(ws))


def minutes_of(ws: Workspace) -> Minutes:
    """The minutes that go with the data in force: those of the demo are kept apart from one's own; a manager sees own ones."""
    if ws.scope is None:
        return Minutes(ws.journal, ws.is_demo)
    return Minutes(ws.journal, ws.is_demo, Own(ws.scope, ws.own_clients() or frozenset()))


_COLUMNS = (
    "section", "item_id", "reason_code", "facts", "money", "evidence", "owner", "client_id", "client_name", "manager", "class",
    "is_key",
)  # fmt: skip


def _lines(agenda: pa.Table) -> dict[str, Line]:
    """One line a client, in the first of its sections, with all its reasons."""
    found: dict[str, list[Reason]] = {}
    about: dict[str, tuple[Any, ...]] = {}
    columns = [_column(agenda, name) for name in _COLUMNS]
    for section, item_id, code, facts, money, source, owner, client_id, *rest in zip(*columns, strict=True):
        key = item_id if client_id is None else f"client:{client_id}"
        reason = Reason(section, item_id, code, facts or {}, money, Source(**source) if source else None, owner)
        found.setdefault(key, []).append(reason)
        about.setdefault(key, (client_id, *rest))
    return {key: _line(reasons, *about[key]) for key, reasons in found.items()}


def _column(agenda: pa.Table, name: str) -> list[Any]:
    """A column's values; JSON is read in one go."""
    values: list[Any] = agenda.column(name).to_pylist()
    if name not in ("facts", "evidence"):
        return values
    return json.loads(f"[{','.join(value or 'null' for value in values)}]")  # type: ignore[no-any-return]


def _line(
    reasons: Sequence[Reason],
    client_id: str | None,
    client_name: str | None,
    manager: str | None,
    class_: str | None,
    is_key: bool,
) -> Line:
    reasons = sorted(reasons, key=lambda reason: SECTIONS.index(reason.section))
    first = reasons[0]
    return Line(
        section=first.section,
        client_id=client_id,
        client_name=client_name,
        owner=first.owner,
        manager=manager,
        class_=class_,
        is_key=bool(is_key),
        money=_stake(reasons),
        reasons=tuple(reasons),
    )


def _stake(reasons: Sequence[Reason]) -> Decimal | None:
    """What the section of the first reason puts at stake: the most it names, since its reasons are about the same money."""
    money = [reason.money for reason in reasons if reason.section == reasons[0].section and reason.money is not None]
    return max(money, default=None)


# The review: the data and the minutes in one

Compare = Callable[[Gathered, Held], tuple[Figure, ...]]


def open_review(data: Gathered, minutes: Minutes, compare: Compare | None = None) -> Review:
    """The review as it stands now: the agenda without what is set aside, earlier decisions first.

    compare: `beside` for that review, or the answer it gave before: it hangs on nothing that is said while a review is held.
    """
    held = [one for one in minutes.reviews(of_all=True) if one.as_of <= data.as_of]
    decisions = [_as_known(one, data.as_of) for one in minutes.decisions() if one.made_on <= data.as_of]
    asked = [one for one in decisions if _is_asked(one, data, held)]
    made = [one for one in decisions if one.review is None and _concerns(one, data)]
    asides = {one.item_id: one for one in minutes.set_asides() if one.covers(data.as_of)}
    previous = None if data.is_narrowed else next((one for one in held if one.manager == data.manager), None)
    compare = compare or (lambda data, before: beside(data, minutes, before))
    return Review(
        as_of=data.as_of,
        manager=data.manager,
        figures=compare(data, previous) if previous else data.figures,
        sections=_sections(_said(data, asked, [one for one in made if not _is_of_question(one)], asides)),
        set_aside=_by_money(_aside(data, asides)),
        decisions=tuple(made),
        previous=previous,
        missing=data.missing,
    )


def beside(data: Gathered, minutes: Minutes, before: Held) -> tuple[Figure, ...]:
    """The figures of the data beside those of a closed review."""
    known = {figure.name: figure for figure in _frozen_figures(minutes.frozen(before.number)[0])}
    if minutes.own is not None:
        known = {name: _of_clients(figure, minutes.own.clients) for name, figure in known.items()}
    return tuple(headline.compared(figure, known.get(figure.name)) for figure in data.figures)


def _as_known(decision: Decision, as_of: date) -> Decision:
    """A decision with what was said of it by the date."""
    return replace(decision, steps=tuple(step for step in decision.steps if step.told_on <= as_of))


def _is_asked(decision: Decision, data: Gathered, held: Sequence[Held]) -> bool:
    """Whether the review asks what became of a decision: one of an earlier review, settled in no minutes yet."""
    if decision.review is None or decision.review not in {one.number for one in held}:
        return False
    return not (decision.is_settled and decision.steps[-1].review is not None) and _concerns(decision, data)


def _is_of_question(decision: Decision) -> bool:
    """Whether a decision was noted to a question: while its review is held it stands there, not at a line of its client."""
    return (decision.item_id or "").startswith(PREFIX)


def _concerns(decision: Decision, data: Gathered) -> bool:
    """Whether a decision belongs to the view: a manager's are those of its own review and those it has to do."""
    if data.manager and data.manager not in (decision.manager, decision.who):
        return False
    return not data.is_narrowed or decision.client_id in data.clients


def _said(
    data: Gathered, asked: Sequence[Decision], made: Sequence[Decision], asides: Mapping[str, SetAside]
) -> Iterable[Line]:
    """The lines with what the minutes say of them: without what is set aside, with the decisions about each."""
    asked_of, made_of = _by_line(asked), _by_line(made)
    for key, line in data.lines.items():
        reasons = tuple(reason for reason in line.reasons if reason.item_id not in asides) if asides else line.reasons
        if reasons != line.reasons and reasons:
            line = replace(line, reasons=reasons, section=reasons[0].section, owner=reasons[0].owner, money=_stake(reasons))
        if key in made_of or key in asked_of:
            line = _decided(line, asked_of.pop(key, ()), made_of.get(key, ()))
            line = line if reasons else replace(line, reasons=())
        if reasons or line.asked:
            yield line
    for key, decisions in asked_of.items():
        yield _decided(_bare(data, decisions[0]), decisions, made_of.get(key, ()))


def _by_line(decisions: Iterable[Decision]) -> dict[str, tuple[Decision, ...]]:
    """Decisions by the line they are about: that of the client, of an item without one, or one of their own."""
    found: dict[str, tuple[Decision, ...]] = {}
    for one in decisions:
        own = one.item_id or f"decision:{one.number}"
        key = own if one.client_id is None else f"client:{one.client_id}"
        found[key] = (*found.get(key, ()), one)
    return found


def _decided(line: Line, asked: Sequence[Decision], made: Sequence[Decision]) -> Line:
    if not asked:
        return replace(line, made=tuple(made))
    return replace(line, section="decisions", owner=asked[0].who, asked=tuple(asked), made=tuple(made))


def _bare(data: Gathered, decision: Decision) -> Line:
    """The line of a decision about which the data have nothing to say."""
    client = data.clients.get(decision.client_id or "", Client(decision.client_name or "", None, None, None))
    return Line(
        section="decisions",
        client_id=decision.client_id,
        client_name=client.name or None,
        owner=decision.who,
        manager=client.manager,
        class_=client.class_,
        is_key=False,
        money=client.revenue,
    )


def _aside(data: Gathered, asides: Mapping[str, SetAside]) -> Iterable[Line]:
    """The lines that are set aside, each with those of its reasons that are."""
    for line in data.lines.values() if asides else ():
        reasons = tuple(reason for reason in line.reasons if reason.item_id in asides)
        if reasons:
            yield replace(line, reasons=reasons, money=_stake(reasons), aside=asides[reasons[0].item_id])


def _sections(lines: Iterable[Line]) -> tuple[Section, ...]:
    found: dict[str, list[Line]] = {name: [] for name in SECTIONS}
    for line in lines:
        found[line.section].append(line)
    return tuple(Section(name, _by_money(group)) for name, group in found.items())


def _by_money(lines: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(sorted(lines, key=lambda line: (-(line.money or NOTHING), line.client_name or "", line.item_id)))


# Closing and opening again


def close(minutes: Minutes, review: Review, held_on: date) -> int:
    """Freezes the review: its figures, lines and decisions as they are. Raises KamError when the minutes moved on."""
    asked = [decision for line in review.section("decisions").lines for decision in line.asked]
    newest = next(iter(minutes.reviews()), None)
    return minutes.close(
        held_on,
        review.as_of,
        review.manager,
        [frozen.plain(figure) for figure in review.figures],
        frozen.plain(replace(review, figures=())),
        newest=newest.number if newest else None,
        steps={decision.number: len(decision.steps) for decision in (*review.decisions, *asked)},
    )


def closed_review(minutes: Minutes, held: Held) -> Review:
    """A closed review as it was; to a manager without clients that are no longer the manager's own."""
    figures, lines = minutes.frozen(held.number)
    found: Review = replace(frozen.made(Review, lines), figures=_frozen_figures(figures), held=held)
    return found if minutes.own is None else _of_own(found, minutes.own)


def _of_own(found: Review, own: Own) -> Review:
    """A review without the lines, decisions and parts of figures of others' clients; the figures stay what they were."""

    def kept(lines: Iterable[Line]) -> tuple[Line, ...]:
        return tuple(replace(one, asked=ours(one.asked), made=ours(one.made)) for one in lines if own.has(one.client_id, one.owner))

    def ours(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
        return tuple(one for one in decisions if own.has(one.client_id, one.who, one.manager))

    return replace(
        found,
        figures=tuple(_of_clients(one, own.clients) for one in found.figures),
        sections=tuple(replace(one, lines=kept(one.lines)) for one in found.sections),
        set_aside=kept(found.set_aside),
        decisions=ours(found.decisions),
        questions=tuple(_questions_of(found.questions, own.clients)),
    )


def _questions_of(asked: Iterable[AgendaQuestion], clients: frozenset[str]) -> Iterator[AgendaQuestion]:
    """The answers cut to some clients; those that are sums over everybody's are left out."""
    for one in asked:
        rows = answers.of_clients(one.rows, clients)
        if rows is not None:
            yield replace(one, rows=rows)


def _of_clients(figure: Figure, clients: frozenset[str]) -> Figure:
    parts = {key: part for key, part in figure.parts.items() if key in clients}
    return replace(figure, parts=parts, changes=tuple(one for one in figure.changes if one.client_id in clients))


def _frozen_figures(trees: Sequence[Any]) -> tuple[Figure, ...]:
    return tuple(frozen.made(Figure, tree) for tree in trees)


# Lists, for a table and a book


def lines_table(review: Review, t: Translator) -> pa.Table:
    """Every line of the agenda in its order, with all its sentences in one cell."""
    lines = [line for section in review.sections for line in section.lines]
    columns: dict[str, tuple[pa.DataType, Callable[[Line], object]]] = {
        "section": (pa.string(), lambda line: t(f"agenda.sections.{line.section}")),
        "client_id": (pa.string(), lambda line: line.client_id),
        "client_name": (pa.string(), lambda line: line.client_name),
        "money": (pa.decimal128(18, 4), lambda line: line.money),
        "why": (pa.string(), lambda line: " ".join(sentence(reason, t) for reason in line.reasons) or None),
        "owner": (pa.string(), lambda line: line.owner),
        "class": (pa.string(), lambda line: line.class_),
        "decision": (pa.string(), lambda line: "; ".join(one.what for one in (*line.asked, *line.made)) or None),
    }
    return pa.table({name: pa.array([value(one) for one in lines], type_) for name, (type_, value) in columns.items()})


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

"""The minutes of the weekly reviews: decisions made, what became of them, lines set aside, reviews closed and frozen.

They lie in the journal. A review is kept when it is closed and never changes afterwards: there is no opening it again, a new
one can be held the same day. A decision is a promise inside the house, held to the rules of promises (METHOD 5): its
original due stays, its moves are counted, a move without a reason is a silent one. Knows no data and no words.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from kam.errors import KamError
from kam.journal import SAID, Journal

SETTLED = ("done", "not_done")
STEPS = (*SETTLED, "moved")


@dataclass(frozen=True)
class Step:
    """What became of a decision: done, not_done or moved. told_on: as of which date that was said; day: when it was done,
    or the new due; review: the closed review that has it in its minutes, None until then."""

    status: str
    told_on: date
    day: date | None = None
    reason: str = ""
    review: int | None = None


@dataclass(frozen=True)
class Decision:
    """What is to be done, by whom, by when. review: the closed review it was made in, None while that is being held;
    manager: whose review that was (None: everybody's); original_due_on: the due it was made with."""

    number: int
    review: int | None
    manager: str | None
    client_id: str | None
    client_name: str | None
    item_id: str | None
    made_on: date
    what: str
    who: str
    original_due_on: date
    steps: tuple[Step, ...] = ()

    @property
    def status(self) -> str:
        """open, moved, done or not_done."""
        return self.steps[-1].status if self.steps else "open"

    @property
    def is_settled(self) -> bool:
        return self.status in SETTLED

    @property
    def moves(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.status == "moved")

    @property
    def due_on(self) -> date:
        """The due in force: the original, or that of the last move."""
        return self.moves[-1].day or self.original_due_on if self.moves else self.original_due_on

    @property
    def silent_move_count(self) -> int:
        return sum(not step.reason for step in self.moves)

    @property
    def done_on(self) -> date | None:
        return self.steps[-1].day if self.status == "done" else None

    @property
    def agreed_due_on(self) -> date:
        """The last due that was properly agreed: told with a reason, and not after the due before it. Inside the house
        nobody apologises: three of the four points of METHOD 5 make a move proper."""
        agreed = due = self.original_due_on
        for step in self.moves:
            moved_to = step.day or due
            if step.reason and step.told_on <= due:
                agreed = moved_to
            due = moved_to
        return agreed

    def state(self, as_of: date) -> str:
        """As METHOD 5 calls a promise: kept_on_time, kept_as_agreed, kept_late, open or overdue; and not_done."""
        if self.status == "not_done":
            return "not_done"
        if self.done_on is None:
            return "overdue" if self.due_on < as_of else "open"
        if self.done_on <= self.original_due_on:
            return "kept_on_time"
        return "kept_as_agreed" if self.done_on <= self.agreed_due_on else "kept_late"

    def days_overdue(self, as_of: date) -> int:
        """Days after the due in force while it is not done, after the original due once it was done late; else 0."""
        state = self.state(as_of)
        if state == "overdue":
            return (as_of - self.due_on).days
        late = self.done_on is not None and state == "kept_late"
        return (self.done_on - self.original_due_on).days if late and self.done_on else 0


@dataclass(frozen=True)
class SetAside:
    """A line that does not stand on the agenda from set_on until the day `until`, on which it comes back."""

    item_id: str
    set_on: date
    until: date
    reason: str

    def covers(self, as_of: date) -> bool:
        return self.set_on <= as_of < self.until


@dataclass(frozen=True)
class Held:
    """A review that was closed: when it was held, on the data as of which date, whose (None: everybody's)."""

    number: int
    held_on: date
    as_of: date
    manager: str | None
    closed_at: str


@dataclass(frozen=True)
class Own:
    """Whose minutes alone are seen: a manager, with the ids of the manager's clients."""

    manager: str
    clients: frozenset[str]

    def has(self, client_id: str | None, *people: str | None) -> bool:
        """Whether a matter is the manager's: of an own client, or of none and by one of the people who is the manager."""
        return client_id in self.clients if client_id is not None else self.manager in people


class Minutes:
    """The minutes of one workspace; as safe to share between threads and processes as the journal they lie in.

    is_demo: whether they are of reviews of the demo, which nobody wants among one's own once the demo is gone. own: one
    manager's alone; decisions on own clients may be made and settled by the manager, whatever else is closed to the hands
    that the journal is in.
    """

    def __init__(self, journal: Journal, is_demo: bool = False, own: Own | None = None) -> None:
        self._journal = journal
        self._is_demo = int(is_demo)
        self.own = own

    @property
    def version(self) -> int:
        """Moves with every decision, line set aside and review closed."""
        return self._journal.newest_change(only=SAID)

    # Decisions

    def decisions(self) -> list[Decision]:
        """Every decision, the oldest first."""
        rows = self._journal.rows(f"select {_COLUMNS} from decisions where is_demo = ? order by id", self._is_demo)
        return [one for one in map(_decision, rows) if self._is_seen(one)]

    def _is_seen(self, one: Decision) -> bool:
        return self.own is None or self.own.has(one.client_id, one.who, one.manager)

    def may_decide(self, client_id: str | None) -> bool:
        """Whether these hands may make a decision on a client (None: about nobody in particular)."""
        return not self._journal.is_locked or (self.own is not None and client_id is not None and self.own.has(client_id))

    def may_settle(self, one: Decision) -> bool:
        """Whether these hands may say what became of a decision: of an own client's, or of one that the manager has to do."""
        return not self._journal.is_locked or (self.own is not None and self.own.has(one.client_id, one.who))

    def may_rewrite(self, one: Decision) -> bool:
        """Whether these hands may put a decision otherwise or take it back: one's own words only."""
        is_author = self._journal.who is not None and self._journal.author("decision", str(one.number)) == self._journal.who
        return not self._journal.is_locked or (self.may_decide(one.client_id) and is_author)

    @property
    def may_change(self) -> bool:
        """Whether these hands may set lines aside, bring them back and close reviews."""
        return not self._journal.is_locked

    def decide(
        self,
        what: str,
        who: str,
        due_on: date,
        *,
        made_on: date,
        manager: str | None = None,
        client_id: str | None = None,
        client_name: str | None = None,
        item_id: str | None = None,
    ) -> int:
        """Keeps a decision of the review that is being held; gives back its number. Raises KamError for half a decision."""
        what, who = _complete(what, who)
        about = (manager, client_id, client_name, item_id)
        values = (*about, made_on.isoformat(), what, who, due_on.isoformat(), self._is_demo)
        with self._journal.change(self.may_decide(client_id)) as db:
            number = db.execute(
                "insert into decisions (manager, client_id, client_name, item_id, made_on, what, who, due_on, is_demo, history)"
                " values (?, ?, ?, ?, ?, ?, ?, ?, ?, '[]')",
                values,
            ).lastrowid
            self._journal.note(db, "decision", str(number), None, _told(what, who, due_on))
        return int(number or 0)

    def rewrite(self, number: int, what: str, who: str, due_on: date) -> None:
        """Puts another text, person or day into a decision while its review is being held."""
        what, who = _complete(what, who)
        with self._journal.change(self.may_rewrite(self._pending(number))) as db:
            before = self._pending(number)
            db.execute("update decisions set what = ?, who = ?, due_on = ? where id = ?", (what, who, due_on.isoformat(), number))
            told = _told(before.what, before.who, before.original_due_on)
            self._journal.note(db, "decision", str(number), told, _told(what, who, due_on))

    def drop(self, number: int) -> None:
        """Takes back a decision while its review is being held; afterwards it stays, and is settled as not done."""
        with self._journal.change(self.may_rewrite(self._pending(number))) as db:
            before = self._pending(number)
            db.execute("delete from decisions where id = ?", (number,))
            told = _told(before.what, before.who, before.original_due_on)
            self._journal.note(db, "decision", str(number), told, None)

    def step(self, number: int, status: str, told_on: date, day: date | None = None, reason: str = "") -> None:
        """Writes down what became of a decision. Raises KamError where the day is missing or cannot be."""
        with self._journal.change(self.may_settle(self._one(number))) as db:
            decision = self._one(number)
            _check_step(decision, status, told_on, day)
            step = Step(status, told_on, day if status != "not_done" else None, reason.strip())
            self._keep_steps(db, decision, (*decision.steps, step))

    def unstep(self, number: int) -> None:
        """Takes back the last step of a decision, unless it stands in the minutes of a closed review."""
        with self._journal.change(self.may_settle(self._one(number))) as db:
            decision = self._one(number)
            if not decision.steps or decision.steps[-1].review is not None:
                raise KamError("errors.decision_changed")
            self._keep_steps(db, decision, decision.steps[:-1])

    def _keep_steps(self, db: Any, decision: Decision, steps: tuple[Step, ...]) -> None:
        before, after = _dumped(decision.steps), _dumped(steps)
        db.execute("update decisions set history = ? where id = ?", (after, decision.number))
        self._journal.note(db, "decision", str(decision.number), before, after)

    def _one(self, number: int) -> Decision:
        rows = self._journal.rows(f"select {_COLUMNS} from decisions where id = ?", number)
        if not rows or not self._is_seen(_decision(rows[0])):
            raise KamError("errors.decision_changed")
        return _decision(rows[0])

    def _pending(self, number: int) -> Decision:
        decision = self._one(number)
        if decision.review is not None:
            raise KamError("errors.decision_changed")
        return decision

    # Lines set aside

    def set_asides(self) -> list[SetAside]:
        rows = self._journal.rows(
            "select item_id, set_on, until, reason from set_asides where is_demo = ? order by until, item_id", self._is_demo
        )
        return [SetAside(row[0], date.fromisoformat(row[1]), date.fromisoformat(row[2]), row[3]) for row in rows]

    def set_aside(self, items: Iterable[str], set_on: date, until: date, reason: str) -> None:
        """Sets lines aside until a day after that of the report, with a reason. Raises KamError without one."""
        if until <= set_on:
            raise KamError("errors.aside_until", day=set_on)
        if not reason.strip():
            raise KamError("errors.aside_reason")
        values = (set_on.isoformat(), until.isoformat(), reason.strip(), self._is_demo)
        with self._journal.change() as db:
            for item in items:
                db.execute("insert or replace into set_asides values (?, ?, ?, ?, ?)", (item, *values))
                self._journal.note(db, "set_aside", item, None, f"{until.isoformat()}: {reason.strip()}")

    def bring_back(self, items: Iterable[str]) -> None:
        """Puts lines back on the agenda before their day."""
        with self._journal.change() as db:
            for item in items:
                db.execute("delete from set_asides where item_id = ? and is_demo = ?", (item, self._is_demo))
                self._journal.note(db, "set_aside", item, "set aside", None)

    # Closed reviews

    def reviews(self, of_all: bool = False) -> list[Held]:
        """Every closed review, the newest first; of one manager's those that were held as the manager's. of_all: on which days
        the others were held too, which is no secret."""
        rows = self._journal.rows(
            "select id, held_on, as_of, manager, closed_at from reviews where is_demo = ? order by id desc", self._is_demo
        )
        held = (Held(row[0], date.fromisoformat(row[1]), date.fromisoformat(row[2]), row[3], row[4]) for row in rows)
        return [one for one in held if self.own is None or of_all or one.manager == self.own.manager]

    def frozen(self, number: int) -> tuple[Any, Any]:
        """The figures and the lines of a closed review, as they were given to `close`."""
        rows = self._journal.rows("select figures, lines from reviews where id = ?", number)
        if not rows or (self.own is not None and number not in {one.number for one in self.reviews()}):
            raise KamError("errors.review_unknown", number=number)
        return _unpacked(rows[0][0]), _unpacked(rows[0][1])

    def close(
        self,
        held_on: date,
        as_of: date,
        manager: str | None,
        figures: Any,
        lines: Any,
        *,
        newest: int | None,
        steps: Mapping[int, int],
    ) -> int:
        """Freezes a review and gives back its number: all of it is kept, or nothing.

        newest: the number of the newest review when this one was read; steps: decision → how many of its steps are in
        these minutes; those without a review are of this one. Raises KamError when something was closed or taken back
        meanwhile: what is frozen must be what was seen.
        """
        with self._journal.change() as db:
            if self._newest() != newest:
                raise KamError("errors.review_changed")
            number = db.execute(
                "insert into reviews (held_on, as_of, manager, closed_at, figures, lines, is_demo) values (?, ?, ?, ?, ?, ?, ?)",
                (held_on.isoformat(), as_of.isoformat(), manager, _now(), _packed(figures), _packed(lines), self._is_demo),
            ).lastrowid
            for decision, seen in steps.items():
                self._bind(db, decision, int(number or 0), seen)
            self._journal.note(db, "review", str(number), None, f"{held_on.isoformat()} {manager or ''}".strip())
        return int(number or 0)

    def _newest(self) -> int | None:
        rows = self._journal.rows("select max(id) from reviews where is_demo = ?", self._is_demo)
        return rows[0][0]  # type: ignore[no-any-return]

    def _bind(self, db: Any, number: int, review: int, seen: int) -> None:
        """Gives a decision and those of its steps that were seen to the review that has just been closed."""
        decision = self._one(number)
        if len(decision.steps) < seen:
            raise KamError("errors.review_changed")
        steps = [
            Step(step.status, step.told_on, step.day, step.reason, review if step.review is None and at < seen else step.review)
            for at, step in enumerate(decision.steps)
        ]
        db.execute("update decisions set review_id = coalesce(review_id, ?), history = ? where id = ?",
                   (review, _dumped(steps), number))  # fmt: skip


_COLUMNS = "id, review_id, manager, client_id, client_name, item_id, made_on, what, who, due_on, history"


def _decision(row: tuple[Any, ...]) -> Decision:
    number, review, manager, client_id, client_name, item_id, made_on, what, who, due_on, history = row
    steps = tuple(_step(step) for step in json.loads(history))
    return Decision(
        number, review, manager, client_id, client_name, item_id, date.fromisoformat(made_on), what, who,
        date.fromisoformat(due_on), steps,
    )  # fmt: skip


def _step(step: Mapping[str, Any]) -> Step:
    day = date.fromisoformat(step["day"]) if step["day"] else None
    return Step(step["status"], date.fromisoformat(step["told_on"]), day, step["reason"], step["review"])


def _dumped(steps: Iterable[Step]) -> str:
    rows = [
        {"status": step.status, "told_on": step.told_on.isoformat(), "day": step.day.isoformat() if step.day else None,
         "reason": step.reason, "review": step.review}
        for step in steps
    ]  # fmt: skip
    return json.dumps(rows, ensure_ascii=False)


def _complete(what: str, who: str) -> tuple[str, str]:
    what, who = what.strip(), who.strip()
    if not what or not who:
        raise KamError("errors.decision_half")
    return what, who


def _check_step(decision: Decision, status: str, told_on: date, day: date | None) -> None:
    if status not in STEPS or (status != "not_done" and day is None):
        raise KamError("errors.decision_day")
    if status == "done" and day is not None and day > told_on:
        raise KamError("errors.decision_done_later", day=told_on)
    if status == "moved" and day == decision.due_on:
        raise KamError("errors.decision_same_due", day=decision.due_on)


def _told(what: str, who: str, due_on: date) -> str:
    return f"{what} · {who} · {due_on.isoformat()}"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _packed(tree: Any) -> bytes:
    """A tree as compressed JSON: a review of twenty thousand clients is megabytes of text, and one is kept a week."""
    return zlib.compress(json.dumps(tree, ensure_ascii=False, separators=(",", ":")).encode())


def _unpacked(blob: bytes) -> Any:
    return json.loads(zlib.decompress(blob))

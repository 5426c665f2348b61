"""The questions on the weekly agenda: each asked as of the review's date, in the sandbox, side by side, in little time.

They stand after the sections of METHOD 8: that order is the method's own, and what a question finds has no money at stake by
any of its rules, so it takes no client from another section and nothing of its sums. Answers are kept in memory by everything
that they hang on: a review is drawn anew at every click, and asks once. Knows no screen, no review.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from kam import answers, questions, sandbox
from kam.answers import Rows
from kam.errors import KamError
from kam.questions import Question
from kam.workspace import Workspace

FILTERS = ("manager", "segment", "region", "class")
PREFIX = "question:"
SECONDS = 3.0  # for each; a question that takes longer belongs on its own page
PASSING = ("errors.sql_busy", "errors.sql_died")  # of the moment, not of the question: asked again the next time
KEPT = 32
NOTHING = Rows()

_known: OrderedDict[tuple[Any, ...], AgendaQuestion] = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True)
class AgendaQuestion:
    """A question as a review has it: its first rows, 1,000 at most (is_cut: there are more), or why there is no answer.

    error: the locale key of the sentence, filled by `facts`; unheeded: the filters of the review that the question does not
    know, so that its rows are everybody's: rows of clients are narrowed all the same, sums cannot be.
    """

    code: str
    name: str
    rows: Rows = NOTHING
    is_cut: bool = False
    unheeded: tuple[str, ...] = ()
    error: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def item_id(self) -> str:
        """What a decision about it, or about a client of its rows, is noted to."""
        return f"{PREFIX}{self.code}"

    @property
    def is_line(self) -> bool:
        """Whether there is something to talk about: rows, or a failure to be mended. No rows are no line."""
        return self.rows.count > 0 or self.error is not None


def asked(ws: Workspace, language: str, as_of: date, filters: Mapping[str, str]) -> tuple[AgendaQuestion, ...]:
    """The questions on the agenda with their answers, in its order, names in the language. filters: those of the review."""
    there = questions.on_agenda(ws.journal, language)
    if not there:
        return ()
    with ThreadPoolExecutor(sandbox.AT_ONCE) as pool:
        return tuple(pool.map(lambda question: _answered(ws, question, as_of, filters), there))


def _answered(ws: Workspace, question: Question, as_of: date, filters: Mapping[str, str]) -> AgendaQuestion:
    values = {**dict.fromkeys(FILTERS, ""), **question.values, **filters}
    # A dataset and a state of the journal never change: the answer hangs on nothing else.
    key = (ws.key, ws.dataset_id, ws.journal.version, question.code, question.name, question.text, as_of, *sorted(values.items()))
    with _lock:
        if key in _known:
            _known.move_to_end(key)
            return _known[key]
    found = _ask(ws, question, as_of, filters, values)
    if found.error not in PASSING:
        with _lock:
            _known[key] = found
            while len(_known) > KEPT:
                _known.popitem(last=False)
    return found


def _ask(ws: Workspace, question: Question, as_of: date, filters: Mapping[str, str], values: Mapping[str, str]) -> AgendaQuestion:
    heeded = {*sandbox.parameters(question.text), *sandbox.mart_parameters(question.text)}
    narrowed = {"manager"} if ws.scope is not None else set[str]()  # a manager is answered of own clients, whatever is asked
    unheeded = tuple(name for name in FILTERS if name in filters and name not in heeded | narrowed)
    try:
        answer = sandbox.ask(ws, question.text, as_of, values, seconds=SECONDS)
    except KamError as error:
        return AgendaQuestion(question.code, question.name, error=error.key, facts=dict(error.facts))
    table = answers.plain(answer.table)
    if "client_id" in table.column_names:
        table, unheeded = _of_view(table, _clients(ws, as_of, filters), bool(unheeded)), ()
    return AgendaQuestion(question.code, question.name, answers.kept(table), answer.is_cut, unheeded)


def _clients(ws: Workspace, as_of: date, filters: Mapping[str, object]) -> pa.Table:
    """The clients of the view."""
    return ws.fetch("marts.home_clients", as_of=as_of, norms=None, **filters)


def _of_view(table: pa.Table, clients: pa.Table, narrows: bool) -> pa.Table:
    """Rows of clients with their names, where those were not asked for; narrows: only of the clients of the view."""
    ids = table.column("client_id").cast(pa.string())
    if "client_name" not in table.column_names:
        places = pc.index_in(ids, value_set=clients.column("client_id").combine_chunks())
        table = table.add_column(table.column_names.index("client_id") + 1, "client_name", clients.column("client_name").take(places))
    return table.filter(pc.is_in(ids, value_set=clients.column("client_id").combine_chunks())) if narrows else table

"""The questions of a review as sheets of its book: one with rows a sheet, the decisions beside the clients they are about.

Knows the tree of kam.review and books, no xlsxwriter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa

from kam.agenda_questions import AgendaQuestion
from kam.columns import asked_label, kind_of, worded
from kam.exports import wording
from kam.exports.books import BookColumn, BookSheet, Place
from kam.i18n import Translator
from kam.minutes import Decision
from kam.review import QUESTIONS, Review, place_of

Card = Callable[[str | None], Place | None]
DECIDED: Sequence[tuple[str, pa.DataType, Callable[[Decision], Any]]] = (
    ("columns.decision", pa.string(), lambda one: one.what),
    ("review.who", pa.string(), lambda one: one.who),
    ("review.by", pa.date32(), lambda one: one.due_on),
)
NAMED = ("client_id", "client_name")  # lead to the client's row of the book


def tab(question: AgendaQuestion, number: int) -> str:
    """The name of a question's sheet."""
    return f"{place_of(QUESTIONS)}.{number} {question.name}"


def sheets(review: Review, t: Translator, card: Card, over: Callable[[str], str]) -> list[BookSheet]:
    """A sheet a question with rows. card: where a client stands in the book; over: the head printed over a title."""
    numbered = enumerate(review.raised, 1)
    return [_sheet(review, question, tab(question, number), t, card, over) for number, question in numbered if question.rows.count]


def contents(review: Review, t: Translator) -> list[BookSheet]:
    """The list of the questions for the cover, those without rows too; nothing where none was on the agenda."""
    if not review.questions:
        return []
    places = {question.code: Place(tab(question, number)) for number, question in enumerate(review.raised, 1) if question.rows.count}
    names = [question.name for question in review.questions]
    table = pa.table({
        "name": pa.array(names, pa.string()),
        "rows": pa.array([question.rows.count if question.error is None else None for question in review.questions], pa.int64()),
        "note": pa.array([wording.question_note(question, t) or None for question in review.questions], pa.string()),
    })  # fmt: skip
    columns = (
        BookColumn(t("sql.question_column"), links=[places.get(question.code) for question in review.questions]),
        BookColumn(t("paper.lines"), "count"),
        BookColumn(t("paper.note")),
    )
    return [BookSheet(wording.section_title(QUESTIONS, t), table, columns)]


def _sheet(review: Review, question: AgendaQuestion, title: str, t: Translator, card: Card, over: Callable[[str], str]) -> BookSheet:
    table = question.rows.table()
    clients = _clients(table)
    columns = [
        BookColumn(asked_label(name, t), kind_of(name, column.type), links=[card(one) for one in clients] if name in NAMED else ())
        for name, column in zip(table.column_names, table.columns, strict=True)
    ]
    table = worded(table, t)
    if "client_id" in table.column_names:
        for number, (key, type_, value) in enumerate(DECIDED):
            table = table.append_column(f"decided {number}", _decided(review, question, clients, type_, value))
            columns.append(BookColumn(t(key), "day" if type_ == pa.date32() else "text"))
    note = wording.question_note(question, t)
    return BookSheet(title, table, tuple(columns), above=(question.name, *([note] if note else [])), head=over(question.name))


def _clients(table: pa.Table) -> list[str | None]:
    if "client_id" not in table.column_names:
        return [None] * int(table.num_rows)
    return [None if one is None else str(one) for one in table.column("client_id").to_pylist()]


def _decided(
    review: Review, question: AgendaQuestion, clients: Sequence[str | None], type_: pa.DataType, value: Callable[[Decision], Any]
) -> pa.Array:
    """The decision about each row's client, in the first of its rows; several stand in one cell, the day is the first's."""
    made: dict[str, list[Decision]] = {}
    for one in review.decided_at(question):
        if one.client_id is not None:
            made.setdefault(one.client_id, []).append(one)
    found = [[value(one) for one in made.pop(client, [])] if client is not None else [] for client in clients]
    if type_ == pa.string():
        return pa.array(["; ".join(values) or None for values in found], type_)
    return pa.array([values[0] if values else None for values in found], type_)

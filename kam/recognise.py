"""Which table is this sheet, which column is which, and how its dates and numbers are written.

Knows data/tables.toml and data/headers.yaml, nothing of the workspace, the screens or other sheets. Every answer comes
with a score and its evidence; what is unsure becomes a question, never a guess. How well a sheet fits each table is
kam.candidates, what is asked kam.doubts, the forms of both answers kam.recognised.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set

import pyarrow as pa
import pyarrow.compute as pc

from kam import doubts
from kam.candidates import Candidate, Found, Frame, best_of, candidate, fingerprint, former_fingerprint, frame_of, looks_of, matches_of
from kam.readers import Sheet
from kam.recognised import Column, Correction, Question, Recognition
from kam.tables import load_tables

__all__ = ["Column", "Correction", "Question", "Recognition", "recognise"]

SAMPLE_COUNT = 5
OPTION_COUNT = 5


def recognise(
    sheet: Sheet,
    *,
    table: str | None = None,
    remembered: Correction | None = None,
    told: Correction | None = None,
    known_names: Callable[[], Set[str]] = frozenset,
) -> Recognition:
    """Take a sheet for a table.

    known_names: the folded names of the clients known so far, asked only where no header names the client.
    table: the user has named it; remembered: an earlier answer about the same headers; told: an answer given just now.
    The later of the three in this list wins where they differ.
    """
    frame = frame_of(sheet)
    answers = [(answer, evidence) for answer, evidence in ((remembered, "remembered"), (told, "user")) if answer]
    named = next((a.table for a, _ in reversed(answers) if a.table), None) or table
    candidates = sorted(
        (candidate(name, frame, answers, known_names) for name in ([named] if named else load_tables())),
        key=lambda candidate: -candidate.score,
    )
    best = best_of(candidates)
    questions = doubts.about_table(frame, best, candidates, named is not None)
    is_taken = not any(question.column_index is None for question in questions)
    chosen = best if is_taken else None
    columns, column_questions = _columns(frame, best, chosen is not None, answers)
    return Recognition(
        table=best.table if chosen else None,
        score=round(min(best.score, 1.0), 3),
        header_row=frame.header_row,
        columns=columns,
        fingerprint=fingerprint(frame.labels),
        former_fingerprint=former_fingerprint(frame.labels),
        questions=(*questions, *column_questions),
        period=frame.period,
    )


def _columns(
    frame: Frame, best: Candidate, is_taken: bool, answers: Sequence[tuple[Correction, str]]
) -> tuple[tuple[Column, ...], list[Question]]:
    columns: list[Column] = []
    questions: list[Question] = []
    styles = {label: style for answer, _ in answers for label, style in answer.styles.items()}
    for index, label in frame.labels.items():
        found = best.fields.get(index)
        style, question = doubts.style_of(frame, best.table, index, found, styles.get(label)) if found else (None, None)
        columns.append(_column(frame, best, index, found, style))
        if question and is_taken:
            questions.append(question)
        if found and found.evidence == "values" and is_taken:
            questions.append(Question("recognise.confirm_values", {"column": label, "field": found.field}, index, (found.field,)))
    if is_taken:
        questions += doubts.about_cut_numbers(frame, columns)
        questions += doubts.about_rivals(frame, best, columns)
    return tuple(columns), questions


def _column(frame: Frame, best: Candidate, index: int, found: Found | None, style: str | None) -> Column:
    table, label = best.table, frame.labels[index]
    known = [match.column for match in matches_of(table, frame, index)] if frame.header_row else []
    if found is None:
        taken = {other.field for other in best.fields.values()}
        known += sorted(_fitting(table, frame.body.column(index)), key=lambda name: name in taken)
    options = [name for name in known if found is None or name != found.field]
    return Column(
        index=index,
        header=label,
        field=found.field if found else None,
        score=round(found.score, 3) if found else 0.0,
        evidence=found.evidence if found else "none",
        samples=_samples(frame.body.column(index)),
        style=style,
        options=tuple(dict.fromkeys(options))[:OPTION_COUNT],
    )


def _samples(values: pa.ChunkedArray) -> tuple[str, ...]:
    distinct = pc.unique(values.slice(0, 1000)).drop_null()
    return tuple(" ".join(text.split())[:80] for text in distinct.slice(0, SAMPLE_COUNT).to_pylist())


# Shapes of values: what a column's cells look like when its header says nothing.

_FITTING = {"date": ("date", "datetime"), "number": ("amount", "number")}


def _fitting(table: str, values: pa.ChunkedArray) -> tuple[str, ...]:
    """Columns of the table whose cells look like these: dates for dates, money for numbers."""
    looks = looks_of(values)
    columns = load_tables()[table].columns
    if looks in ("email", "phone"):
        return (looks,) if looks in columns else ()
    return tuple(name for name, kind in columns.items() if kind in _FITTING.get(looks, ()))

"""Which table is this sheet, which column is which, and how its dates and numbers are written.

Knows data/tables.toml and data/headers.yaml, nothing of the workspace, the screens or other sheets. Every answer comes
with a score and its evidence; what is unsure becomes a question, never a guess. Table, field and style names in facts
and choices are codes: whoever shows them puts the reader's words in their place.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from kam import conventions, headers
from kam.layout import Layout, Period, layout, merged_ends, shape
from kam.readers import Sheet
from kam.tables import TableSpec, load_tables

SAMPLE_COUNT = 5
SHAPE_ROWS = 300
OPTION_COUNT = 5

MIN_COVERAGE = 0.2  # below this a sheet is none of ours, whatever single header it shares with us
FEW_FIELDS = 4  # an export of 76 columns of which we know eight is ours all the same
UNKNOWN_WEIGHT = 0.15
COVERAGE_SHARE = 0.6
REQUIRED_SHARE = 0.4
FINGERPRINT_BONUS = 0.25
STAND_IN_DATE_LOSS = 0.1  # an event table whose date is only a stand-in may be another table
UNSURE_MARGIN = 0.03
MUCH_BETTER = 0.2
VALUES_SCORE = 0.5
NAMES_SHARE = 0.6  # of a column's texts, known as clients: the others are new
RIVAL_MARGIN = 0.11
SHOWN_PEOPLE = 3

# A table of which a sheet that has none of these columns, by more than a stand-in header, is probably another: promises without
# any day are a list of names, and contacts of whom nothing tells that they are people a list of companies with their phones.
TELLING = {
    "promises": ("due_on", "original_due_on", "made_on", "done_on", "promise_id"),
    "contacts": ("contact_id", "name", "first_name", "title", "level", "role", "birthday"),
}
# Columns that can be made of others, when those are there.
MADE_OF = {("orders", "amount"): ("quantity", "price")}


@dataclass(frozen=True)
class Question:
    """What must be answered before a load: locale key, its facts, the column it is about, the possible answers.

    `wanted`: the question is which column is this one of the table's; the choices are headers, the likeliest first.
    """

    key: str
    facts: dict[str, Any] = field(default_factory=dict)
    column_index: int | None = None
    choices: tuple[str, ...] = ()
    wanted: str | None = None
    can_wait: bool = False  # the likeliest answer is taken where nobody is there to ask


@dataclass(frozen=True)
class Column:
    """One column of the sheet: `field` is the table's column it was taken for, None when it is only kept.

    evidence: "header", "header_near", "remembered", "user", "values" or "none".
    style: dates "dmy" or "mdy", numbers "comma" or "dot", None for other types and while a question is open.
    """

    index: int
    header: str
    field: str | None
    score: float
    evidence: str
    samples: tuple[str, ...]
    style: str | None
    options: tuple[str, ...]


@dataclass(frozen=True)
class Recognition:
    """What a sheet was taken for; `header_row` is the number in the file of the last row that names the columns, 0 when
    none does; `period` is what the rows above it say the sheet covers, both days included.
    """

    table: str | None
    score: float
    header_row: int
    columns: tuple[Column, ...]
    fingerprint: str
    questions: tuple[Question, ...]
    period: Period | None = None

    def column_of(self, name: str) -> Column | None:
        """The sheet's column that was taken for the table's column `name`."""
        return next((column for column in self.columns if column.field == name), None)


@dataclass(frozen=True)
class Correction:
    """What a user said about sheets with these headers; headers are labels as in Column.header."""

    table: str | None
    fields: Mapping[str, str | None] = field(default_factory=dict)
    styles: Mapping[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """A form that JSON can hold."""
        return {"table": self.table, "fields": dict(self.fields), "styles": dict(self.styles)}

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Correction:
        """The correction that `to_dict` wrote down."""
        return cls(content.get("table"), dict(content.get("fields", {})), dict(content.get("styles", {})))


@dataclass(frozen=True)
class _Found:
    """A column's place in a candidate mapping."""

    field: str
    score: float
    evidence: str
    order: int = 0


@dataclass(frozen=True)
class _Candidate:
    """One table the sheet may be, with the mapping it would have."""

    table: str
    fields: Mapping[int, _Found]
    coverage: float
    missing: tuple[tuple[str, ...], ...]
    score: float


@dataclass(frozen=True)
class _Frame:
    """A sheet cut into header and body: label by column index, blank columns left out.

    `names`: what the dictionary is asked for each column, the surest first.
    """

    header_row: int
    labels: Mapping[int, str]
    names: Mapping[int, tuple[str, ...]]
    body: pa.Table
    period: Period | None


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
    frame = _frame(sheet)
    answers = [(answer, evidence) for answer, evidence in ((remembered, "remembered"), (told, "user")) if answer]
    named = next((a.table for a, _ in reversed(answers) if a.table), None) or table
    candidates = sorted(
        (_candidate(name, frame, answers, known_names) for name in ([named] if named else load_tables())),
        key=lambda candidate: -candidate.score,
    )
    best = _best(candidates)
    questions = _table_questions(frame, best, candidates, named is not None)
    is_taken = not any(question.column_index is None for question in questions)
    chosen = best if is_taken else None
    columns, column_questions = _columns(frame, best, chosen is not None, answers)
    return Recognition(
        table=best.table if chosen else None,
        score=round(min(best.score, 1.0), 3),
        header_row=frame.header_row,
        columns=columns,
        fingerprint=_fingerprint(frame.labels),
        questions=(*questions, *column_questions),
        period=frame.period,
    )


# The header row and the columns.


def _frame(sheet: Sheet) -> _Frame:
    found = layout(sheet.cells, merged_ends(sheet))
    body = sheet.cells.slice(found.bottom + 1)
    kept = [i for i in range(sheet.cells.num_columns) if found.headers.get(i) or body.column(i).null_count < body.num_rows]
    labels = _labels(kept, found.headers)
    names = {index: _names(index, label, found) for index, label in labels.items()}
    return _Frame(sheet.first_row + found.bottom if found.bottom >= 0 else 0, labels, names, body, found.period)


def _names(index: int, label: str, found: Layout) -> tuple[str, ...]:
    group, name = found.levels.get(index, ("", ""))
    # "Продажи / Сумма" is a sum, "Сумма / руб." too.
    return tuple(dict.fromkeys(filter(None, (_bare(label), name, group))))


def _labels(kept: Iterable[int], row: Mapping[int, str]) -> dict[int, str]:
    """A label for every column: its header with spaces put right, doubles numbered, "#3" for the nameless third."""
    labels: dict[int, str] = {}
    seen: dict[str, int] = {}
    for index in kept:
        text = " ".join((row.get(index) or "").split()) or f"#{index + 1}"
        seen[text] = seen.get(text, 0) + 1
        labels[index] = text if seen[text] == 1 else f"{text} ({seen[text]})"
    return labels


def _fingerprint(labels: Mapping[int, str]) -> str:
    joined = "\n".join(headers.fold(label) for label in labels.values())
    return hashlib.sha256(joined.encode()).hexdigest()[:16]


# Candidates: what the sheet would be as each table.


def _candidate(
    table: str, frame: _Frame, answers: Sequence[tuple[Correction, str]], known_names: Callable[[], Set[str]]
) -> _Candidate:
    spec = load_tables()[table]
    options = {index: _matches(table, frame, index) for index in frame.labels}
    if frame.header_row == 0:
        options = {}
    fields = _assign(options, spec)
    if frame.header_row:
        fields.update(_by_values(spec, fields, options, frame))
        fields.update(_by_names(spec, fields, options, frame, known_names))
    _apply(answers, frame, fields, spec)
    coverage = _coverage(fields, frame)
    missing = _missing(spec, {found.field for found in fields.values()})
    score = COVERAGE_SHARE * coverage + REQUIRED_SHARE * (not missing) + _fingerprint_bonus(table, frame)
    date = next((found for found in fields.values() if found.field == spec.date), None)
    if spec.date and date is not None and date.score <= headers.STRENGTHS["weak"]:
        score -= STAND_IN_DATE_LOSS
    telling = (found for found in fields.values() if found.field in TELLING.get(table, ()) and found.score > headers.STRENGTHS["weak"])
    if table in TELLING and next(telling, None) is None:
        score -= REQUIRED_SHARE
    return _Candidate(table, fields, coverage, missing, score)


def _matches(table: str, frame: _Frame, index: int) -> tuple[headers.Match, ...]:
    """The columns of the table that this column's header may name: the whole header first, then its levels."""
    return next((found for name in frame.names[index] if (found := headers.matches(table, name))), ())


def _best(candidates: Sequence[_Candidate]) -> _Candidate:
    """The best score, unless a table that lacks something explains the headers far better: then that is asked."""
    likeliest = max(candidates, key=lambda candidate: candidate.coverage)
    is_far_better = likeliest.coverage > candidates[0].coverage + MUCH_BETTER
    return likeliest if likeliest.missing and is_far_better else candidates[0]


def _bare(label: str) -> str:
    return "" if re.fullmatch(r"#\d+", label) else re.sub(r" \(\d+\)$", "", label)


def _assign(options: Mapping[int, tuple[headers.Match, ...]], spec: TableSpec) -> dict[int, _Found]:
    """Each column to one field, each field to one column: the surest first, of equals the earlier in the dictionary."""
    pairs = sorted(
        ((index, match) for index, found in options.items() for match in found),
        key=lambda pair: (-pair[1].score, pair[1].order, pair[0]),
    )
    fields: dict[int, _Found] = {}
    for index, match in pairs:
        if index not in fields and all(found.field != match.column for found in fields.values()):
            fields[index] = _Found(match.column, match.score, match.evidence, match.order)
    _serve_required(pairs, fields, spec)
    return fields


def _serve_required(pairs: Iterable[tuple[int, headers.Match]], fields: dict[int, _Found], spec: TableSpec) -> None:
    # What the table cannot do without comes before what it can: a creation date is the date, if it is alone.
    needed = set(spec.required)
    for index, match in pairs:
        taken = {found.field for found in fields.values()}
        if match.column in needed - taken and (index not in fields or fields[index].field not in needed):
            fields[index] = _Found(match.column, match.score, match.evidence, match.order)


def _by_values(
    spec: TableSpec, fields: Mapping[int, _Found], options: Mapping[int, tuple[headers.Match, ...]], frame: _Frame
) -> dict[int, _Found]:
    """A required date that no header names, when exactly one nameless column holds dates."""
    taken = {found.field for found in fields.values()}
    wanted = [name for name in spec.required if name not in taken and spec.type_of(name) in ("date", "datetime")]
    if not wanted or not taken:
        return {}
    free = [index for index in frame.labels if index not in fields and not options.get(index)]
    dated = [index for index in free if _column_shape(frame.body.column(index)) == "date"]
    return {dated[0]: _Found(wanted[0], VALUES_SCORE, "values")} if len(dated) == 1 else {}


def _by_names(
    spec: TableSpec, fields: Mapping[int, _Found], options: Mapping[int, tuple[headers.Match, ...]], frame: _Frame,
    known_names: Callable[[], Set[str]],
) -> dict[int, _Found]:  # fmt: skip
    """The client that no header names, when exactly one nameless column holds the names of clients known so far."""
    taken = {found.field for found in fields.values()}
    if "client" not in spec.columns or len(taken) < 2 or taken & {"client", "client_id", "tax_id"}:
        return {}
    free = [index for index in frame.labels if index not in fields and not options.get(index)]
    names = known_names() if free else frozenset()
    named = [index for index in free if _share_of(names, frame.body.column(index)) >= NAMES_SHARE]
    return {named[0]: _Found("client", VALUES_SCORE, "values")} if len(named) == 1 else {}


def _share_of(names: Set[str], values: pa.ChunkedArray) -> float:
    texts = pc.unique(values.slice(0, SHAPE_ROWS)).drop_null().to_pylist()
    return sum(headers.fold(text) in names for text in texts) / len(texts) if texts else 0.0


def _apply(answers: Sequence[tuple[Correction, str]], frame: _Frame, fields: dict[int, _Found], spec: TableSpec) -> None:
    for answer, evidence in answers:
        for index, label in frame.labels.items():
            if label not in answer.fields:
                continue
            wanted = answer.fields[label]
            fields.pop(index, None)
            if wanted in spec.columns:
                for other in [i for i, found in fields.items() if found.field == wanted]:
                    del fields[other]
                fields[index] = _Found(str(wanted), 1.0, evidence)


def _missing(spec: TableSpec, present: set[str]) -> tuple[tuple[str, ...], ...]:
    """Groups of columns of which the sheet has none, though the table needs one of each."""
    groups = [(name,) for name in spec.required] + [tuple(group) for group in spec.required_any]
    return tuple(group for group in groups if not present & set(group) and not _can_be_made(spec.name, group, present))


def _can_be_made(table: str, group: tuple[str, ...], present: set[str]) -> bool:
    return any(present >= set(MADE_OF.get((table, name), ("",))) for name in group)


def _coverage(fields: Mapping[int, _Found], frame: _Frame) -> float:
    """How much of what the headers say this table explains, 0 to 1; a header few tables know says more."""
    explained = total = 0.0
    for index in frame.labels:
        weight = _weight(frame, index)
        total += weight
        if index in fields:
            explained += weight * fields[index].score
    return min(explained / total, 1.0) if total else 0.0


def _weight(frame: _Frame, index: int) -> float:
    knowing = sum(bool(_matches(table, frame, index)) for table in load_tables())
    return 1.0 / knowing**0.5 if knowing else UNKNOWN_WEIGHT


def _fingerprint_bonus(table: str, frame: _Frame) -> float:
    present = {headers.key(name) for names in frame.names.values() for name in names}
    return FINGERPRINT_BONUS * any(
        print_.table == table and print_.keys <= present for print_ in headers.load_dictionary().fingerprints
    )


# Questions.


def _table_questions(frame: _Frame, best: _Candidate, candidates: Sequence[_Candidate], is_named: bool) -> list[Question]:
    if frame.header_row == 0 and not best.fields:
        return [Question("recognise.no_header", {}, None, tuple(load_tables()))]
    is_thin = best.coverage < MIN_COVERAGE and (best.missing or len(best.fields) < FEW_FIELDS)
    if not is_named and is_thin:
        return [Question("recognise.unknown_table", {}, None, tuple(c.table for c in candidates))]
    if len(best.missing) > 1:
        lacking = ", ".join(group[0] for group in best.missing)
        return [Question("recognise.missing_several", {"table": best.table, "columns": lacking})]
    if best.missing:
        return [Question(f"recognise.missing_{group[0]}", {"table": best.table}) for group in best.missing]
    rivals = [c for c in candidates if c is not best and not c.missing and best.score - c.score < UNSURE_MARGIN]
    if rivals:
        choices = (best.table, *(rival.table for rival in rivals))
        return [Question("recognise.unsure_table", {"tables": ", ".join(choices)}, None, choices)]
    return []


def _columns(
    frame: _Frame, best: _Candidate, is_taken: bool, answers: Sequence[tuple[Correction, str]]
) -> tuple[tuple[Column, ...], list[Question]]:
    columns: list[Column] = []
    questions: list[Question] = []
    styles = {label: style for answer, _ in answers for label, style in answer.styles.items()}
    for index, label in frame.labels.items():
        found = best.fields.get(index)
        style, question = _style(frame, best.table, index, found, styles.get(label)) if found else (None, None)
        columns.append(_column(frame, best, index, found, style))
        if question and is_taken:
            questions.append(question)
        if found and found.evidence == "values" and is_taken:
            questions.append(Question("recognise.confirm_values", {"column": label, "field": found.field}, index, (found.field,)))
    if is_taken:
        questions += _rival_questions(frame, best, columns)
    return tuple(columns), questions


# Columns that say the same of a row, of which a guess would change what is shown: money, and whose client it is.


def _rival_questions(frame: _Frame, best: _Candidate, columns: Sequence[Column]) -> list[Question]:
    questions = []
    for wanted, facts_of in (("amount", _sum), ("manager", _people)):
        chosen = next((column for column in columns if column.field == wanted), None)
        # A correction that names any of them has answered.
        if chosen is None or chosen.evidence in ("remembered", "user"):
            continue
        free = [column for column in columns if column.field is None]
        rivals = [column for column in free if _is_rival(frame, best.table, column, chosen, wanted)]
        if not rivals:
            continue
        facts = {column.header: facts_of(frame, best, column) for column in (chosen, *rivals)}
        own = facts.pop(chosen.header)
        unlike = [chosen.header, *(header for header, fact in facts.items() if fact is not None and fact != own)]
        if own is not None and len(unlike) > 1:
            said = "; ".join(f"«{header}»: {facts.get(header, own)}" for header in unlike)
            # Another manager's name misplaces a client; another amount is another company.
            can_wait = wanted == "manager"
            facts_said = {"candidates": said}
            questions.append(Question(f"recognise.which_{wanted}", facts_said, chosen.index, tuple(unlike), wanted, can_wait))
    return questions


def _is_rival(frame: _Frame, table: str, column: Column, chosen: Column, wanted: str) -> bool:
    found = next((match for match in _matches(table, frame, column.index) if match.column == wanted), None)
    # Only a sum is worth asking about on a weak hint; of the many people in an export those with an equal claim are.
    is_near = found is not None and (wanted == "amount" or found.score >= chosen.score - RIVAL_MARGIN)
    return is_near and found is not None and found.evidence == "header"


def _sum(frame: _Frame, best: _Candidate, column: Column) -> str | None:
    """The sum of a column over rows with a date: total rows have none."""
    values = frame.body.column(column.index)
    date = next((index for index, found in best.fields.items() if found.field == load_tables()[best.table].date), None)
    if date is not None:
        values = values.filter(pc.is_valid(frame.body.column(date)))
    style = column.style or conventions.number_convention(values).style
    numbers = [number for text in values.to_pylist() if (number := conventions.number(text, style)) is not None]
    return f"{sum(numbers):,.2f}".replace(",", " ") if numbers else None


def _people(frame: _Frame, best: _Candidate, column: Column) -> str | None:
    names = pc.value_counts(frame.body.column(column.index).drop_null())
    ranked = sorted(names.to_pylist(), key=lambda entry: (-entry["counts"], entry["values"]))
    return ", ".join(" ".join(entry["values"].split()) for entry in ranked[:SHOWN_PEOPLE]) or None


def _column(frame: _Frame, best: _Candidate, index: int, found: _Found | None, style: str | None) -> Column:
    table, label = best.table, frame.labels[index]
    known = [match.column for match in _matches(table, frame, index)] if frame.header_row else []
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


def _style(frame: _Frame, table: str, index: int, found: _Found, told: str | None) -> tuple[str | None, Question | None]:
    kind = load_tables()[table].type_of(found.field)
    if kind not in ("date", "datetime", "amount", "number"):
        return None, None
    if told:
        return told, None
    is_date = kind in ("date", "datetime")
    find = conventions.date_convention if is_date else conventions.number_convention
    convention = find(frame.body.column(index))
    if convention.style is not None:
        return convention.style, None
    key, choices = ("recognise.ambiguous_dates", ("dmy", "mdy")) if is_date else ("recognise.ambiguous_numbers", ("comma", "dot"))
    return None, Question(key, {"column": frame.labels[index], "sample": convention.sample}, index, choices)


# Shapes of values: what a column's cells look like when its header says nothing.

_FITTING = {"date": ("date", "datetime"), "number": ("amount", "number")}


def _column_shape(values: pa.ChunkedArray) -> str:
    texts = pc.unique(values.slice(0, SHAPE_ROWS)).drop_null().to_pylist()
    shapes = [shape(text) for text in texts]
    return next(
        (name for name in ("date", "email", "number", "phone") if shapes.count(name) >= 0.9 * len(shapes) > 0),
        "text" if shapes else "blank",
    )


def _fitting(table: str, values: pa.ChunkedArray) -> tuple[str, ...]:
    """Columns of the table whose cells look like these: dates for dates, money for numbers."""
    looks = _column_shape(values)
    columns = load_tables()[table].columns
    if looks in ("email", "phone"):
        return (looks,) if looks in columns else ()
    return tuple(name for name, kind in columns.items() if kind in _FITTING.get(looks, ()))

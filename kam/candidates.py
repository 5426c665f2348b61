"""What a sheet would be as each of our tables: which column would be which, how well its headers are explained, what lacks.

Knows header spellings, what each table cannot do without and what values look like; asks nothing and decides nothing.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from kam import headers
from kam.layout import Layout, Period, layout, merged_ends, shape
from kam.readers import Sheet
from kam.recognised import Correction
from kam.tables import TableSpec, load_tables

SHAPE_ROWS = 300
UNKNOWN_WEIGHT = 0.15
COVERAGE_SHARE = 0.6
REQUIRED_SHARE = 0.4
FINGERPRINT_BONUS = 0.25
STAND_IN_DATE_LOSS = 0.1  # an event table whose date is only a stand-in may be another table
MUCH_BETTER = 0.2
VALUES_SCORE = 0.5
NAMES_SHARE = 0.6  # of a column's texts, known as clients: the others are new

# A table of which a sheet that has none of these columns, by more than a stand-in header, is probably another: promises without
# any day are a list of names, and contacts of whom nothing tells that they are people a list of companies with their phones.
TELLING = {
    "promises": ("due_on", "original_due_on", "made_on", "done_on", "promise_id"),
    "contacts": ("contact_id", "name", "first_name", "title", "level", "role", "birthday"),
    "touches": ("held_on", "channel", "type", "kind", "subject", "result", "minutes"),
}
# Columns that can be made of others, when those are there.
MADE_OF = {("orders", "amount"): ("quantity", "price")}


@dataclass(frozen=True)
class Found:
    """A column's place in a candidate mapping."""

    field: str
    score: float
    evidence: str
    order: int = 0


@dataclass(frozen=True)
class Candidate:
    """One table the sheet may be, with the mapping it would have."""

    table: str
    fields: Mapping[int, Found]
    coverage: float
    missing: tuple[tuple[str, ...], ...]
    score: float


@dataclass(frozen=True)
class Frame:
    """A sheet cut into header and body: label by column index, blank columns left out.

    `names`: what the dictionary is asked for each column, the surest first.
    """

    header_row: int
    labels: Mapping[int, str]
    names: Mapping[int, tuple[str, ...]]
    body: pa.Table
    period: Period | None


# The header row and the columns.


def frame_of(sheet: Sheet) -> Frame:
    """The sheet cut into header and body, with a label for every column that has one or has cells."""
    found = layout(sheet.cells, merged_ends(sheet))
    body = sheet.cells.slice(found.bottom + 1)
    kept = [i for i in range(sheet.cells.num_columns) if found.headers.get(i) or body.column(i).null_count < body.num_rows]
    labels = _labels(kept, found.headers)
    names = {index: _names(index, label, found) for index, label in labels.items()}
    return Frame(sheet.first_row + found.bottom if found.bottom >= 0 else 0, labels, names, body, found.period)


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


def fingerprint(labels: Mapping[int, str]) -> str:
    """What tells the source of a sheet: the same headers give the same, in whatever order the user put the columns."""
    return _digest(sorted(headers.fold(label) for label in labels.values()))


def former_fingerprint(labels: Mapping[int, str]) -> str:
    """What told the source while the order of the columns mattered: rows and corrections of then are under it."""
    return _digest([headers.fold(label) for label in labels.values()])


def _digest(names: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:16]


# Candidates: what the sheet would be as each table.


def candidate(
    table: str, frame: Frame, answers: Sequence[tuple[Correction, str]], known_names: Callable[[], Set[str]]
) -> Candidate:
    """The sheet as this table, with the answers of a user applied; `known_names` as recognise takes them."""
    spec = load_tables()[table]
    options = {index: matches_of(table, frame, index) for index in frame.labels}
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
    # The day of touches may be a stand-in: only what speaks for orders speaks against them.
    if _sells(frame, fields) if table == "touches" else not _tells(table, fields):
        score -= REQUIRED_SHARE
    return Candidate(table, fields, coverage, missing, score)


def matches_of(table: str, frame: Frame, index: int) -> tuple[headers.Match, ...]:
    """The columns of the table that this column's header may name: the whole header first, then its levels."""
    return next((found for name in frame.names[index] if (found := headers.matches(table, name))), ())


def best_of(candidates: Sequence[Candidate]) -> Candidate:
    """The best score, unless a table that lacks something explains the headers far better: then that is asked."""
    likeliest = max(candidates, key=lambda candidate: candidate.coverage)
    is_far_better = likeliest.coverage > candidates[0].coverage + MUCH_BETTER
    return likeliest if likeliest.missing and is_far_better and _tells(likeliest.table, likeliest.fields) else candidates[0]


def _tells(table: str, fields: Mapping[int, Found]) -> bool:
    """Whether a column says that it is this table: phones and comments stand beside companies as well."""
    said = {found.field for found in fields.values() if found.score > headers.STRENGTHS["weak"]}
    return table not in TELLING or not said.isdisjoint(TELLING[table])


def _bare(label: str) -> str:
    return "" if re.fullmatch(r"#\d+", label) else re.sub(r" \(\d+\)$", "", label)


def _assign(options: Mapping[int, tuple[headers.Match, ...]], spec: TableSpec) -> dict[int, Found]:
    """Each column to one field, each field to one column: the surest first, of equals the earlier in the dictionary."""
    pairs = sorted(
        ((index, match) for index, found in options.items() for match in found),
        key=lambda pair: (-pair[1].score, pair[1].order, pair[0]),
    )
    fields: dict[int, Found] = {}
    for index, match in pairs:
        if index not in fields and all(found.field != match.column for found in fields.values()):
            fields[index] = Found(match.column, match.score, match.evidence, match.order)
    _serve_required(pairs, fields, spec)
    return fields


def _serve_required(pairs: Iterable[tuple[int, headers.Match]], fields: dict[int, Found], spec: TableSpec) -> None:
    # What the table cannot do without comes before what it can: a creation date is the date, if it is alone.
    needed = set(spec.required)
    for index, match in pairs:
        taken = {found.field for found in fields.values()}
        if match.column in needed - taken and (index not in fields or fields[index].field not in needed):
            fields[index] = Found(match.column, match.score, match.evidence, match.order)


def _by_values(
    spec: TableSpec, fields: Mapping[int, Found], options: Mapping[int, tuple[headers.Match, ...]], frame: Frame
) -> dict[int, Found]:
    """A required date that no header names, when exactly one nameless column holds dates."""
    taken = {found.field for found in fields.values()}
    wanted = [name for name in spec.required if name not in taken and spec.type_of(name) in ("date", "datetime")]
    if not wanted or not taken:
        return {}
    free = [index for index in frame.labels if index not in fields and not options.get(index)]
    dated = [index for index in free if looks_of(frame.body.column(index)) == "date"]
    return {dated[0]: Found(wanted[0], VALUES_SCORE, "values")} if len(dated) == 1 else {}


def _by_names(
    spec: TableSpec, fields: Mapping[int, Found], options: Mapping[int, tuple[headers.Match, ...]], frame: Frame,
    known_names: Callable[[], Set[str]],
) -> dict[int, Found]:  # fmt: skip
    """The client that no header names, when exactly one nameless column holds the names of clients known so far."""
    taken = {found.field for found in fields.values()}
    if "client" not in spec.columns or len(taken) < 2 or taken & {"client", "client_id", "tax_id"}:
        return {}
    free = [index for index in frame.labels if index not in fields and not options.get(index)]
    names = known_names() if free else frozenset()
    named = [index for index in free if _share_of(names, frame.body.column(index)) >= NAMES_SHARE]
    return {named[0]: Found("client", VALUES_SCORE, "values")} if len(named) == 1 else {}


def _share_of(names: Set[str], values: pa.ChunkedArray) -> float:
    texts = pc.unique(values.slice(0, SHAPE_ROWS)).drop_null().to_pylist()
    return sum(headers.fold(text) in names for text in texts) / len(texts) if texts else 0.0


def _apply(answers: Sequence[tuple[Correction, str]], frame: Frame, fields: dict[int, Found], spec: TableSpec) -> None:
    for answer, evidence in answers:
        for index, label in frame.labels.items():
            if label not in answer.fields:
                continue
            wanted = answer.fields[label]
            fields.pop(index, None)
            if wanted in spec.columns:
                for other in [i for i, found in fields.items() if found.field == wanted]:
                    del fields[other]
                fields[index] = Found(str(wanted), 1.0, evidence)


def _missing(spec: TableSpec, present: set[str]) -> tuple[tuple[str, ...], ...]:
    """Groups of columns of which the sheet has none, though the table needs one of each."""
    groups = [(name,) for name in spec.required] + [tuple(group) for group in spec.required_any]
    return tuple(group for group in groups if not present & set(group) and not _can_be_made(spec.name, group, present))


def _can_be_made(table: str, group: tuple[str, ...], present: set[str]) -> bool:
    return any(present >= set(MADE_OF.get((table, name), ("",))) for name in group)


def _sells(frame: Frame, fields: Mapping[int, Found]) -> bool:
    """Whether the day of these touches may as well be that of an order, and an amount stands beside it, be it in thousands."""
    held = next((index for index, found in fields.items() if found.field == "held_on"), None)
    if held is None or all(match.column != "date" for match in matches_of("orders", frame, held)):
        return False
    free = [name for index in frame.labels if index not in fields for name in frame.names[index]]
    return any(names_amount(headers.without_scale(name) or name) for name in free)


def names_amount(header: str) -> bool:
    """Whether a header is a spelling of the amount of an order."""
    return any(match.column == "amount" and match.evidence == "header" for match in headers.matches("orders", header))


def _coverage(fields: Mapping[int, Found], frame: Frame) -> float:
    """How much of what the headers say this table explains, 0 to 1; a header few tables know says more."""
    explained = total = 0.0
    for index in frame.labels:
        weight = _weight(frame, index)
        total += weight
        if index in fields:
            explained += weight * fields[index].score
    return min(explained / total, 1.0) if total else 0.0


def _weight(frame: Frame, index: int) -> float:
    knowing = sum(bool(matches_of(table, frame, index)) for table in load_tables())
    return 1.0 / knowing**0.5 if knowing else UNKNOWN_WEIGHT


def _fingerprint_bonus(table: str, frame: Frame) -> float:
    present = {headers.key(name) for names in frame.names.values() for name in names}
    return FINGERPRINT_BONUS * any(
        print_.table == table and print_.keys <= present for print_ in headers.load_dictionary().fingerprints
    )


# What a column's cells look like when its header says nothing.


def looks_of(values: pa.ChunkedArray) -> str:
    """What most cells look like: "date", "email", "number", "phone", "text", or "blank" where none is filled."""
    texts = pc.unique(values.slice(0, SHAPE_ROWS)).drop_null().to_pylist()
    shapes = [shape(text) for text in texts]
    return next(
        (name for name in ("date", "email", "number", "phone") if shapes.count(name) >= 0.9 * len(shapes) > 0),
        "text" if shapes else "blank",
    )

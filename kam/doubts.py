"""What must be asked about a sheet before it is loaded: which table, which of two columns, how dates and numbers are written.

Knows candidates and conventions; must not know how the best candidate was found, nor who answers.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from kam import conventions, headers
from kam.candidates import Candidate, Found, Frame, matches_of, names_amount
from kam.recognised import Column, Question
from kam.tables import load_tables

MIN_COVERAGE = 0.2  # below this a sheet is none of ours, whatever single header it shares with us
FEW_FIELDS = 4  # an export of 76 columns of which we know eight is ours all the same
UNSURE_MARGIN = 0.03
RIVAL_MARGIN = 0.11
SHOWN_PEOPLE = 3
WHO_AND_WHEN = {"client", "client_id", "tax_id", "held_on", "manager"}


def about_table(frame: Frame, best: Candidate, candidates: Sequence[Candidate], is_named: bool) -> list[Question]:
    """Whether the sheet can be taken for the best of the tables as it is: questions with no column, empty where it can."""
    if frame.header_row == 0 and not best.fields:
        return [Question("recognise.no_header", {}, None, tuple(load_tables()))]
    is_thin = best.coverage < MIN_COVERAGE and (best.missing or len(best.fields) < FEW_FIELDS)
    if not is_named and is_thin:
        return [Question("recognise.unknown_table", {}, None, tuple(c.table for c in candidates))]
    if len(best.missing) > 1:
        lacking = ", ".join(group[0] for group in best.missing)
        return [Question("recognise.missing_several", {"table": best.table, "columns": lacking})]
    if best.missing == (("amount",),) and (scaled := _scaled_amount(frame)):
        return [Question("recognise.scaled_amount", {"column": scaled})]
    if best.missing:
        return [Question(f"recognise.missing_{group[0]}", {"table": best.table}) for group in best.missing]
    if not is_named and (foreign := _foreign(frame, best)):
        return [Question("recognise.foreign_table", {"table": best.table, "column": foreign}, None, tuple(c.table for c in candidates))]
    if not is_named and _is_bare(frame, best):
        return [Question("recognise.unknown_table", {}, None, tuple(c.table for c in candidates))]
    rivals = [c for c in candidates if c is not best and not c.missing and best.score - c.score < UNSURE_MARGIN]
    if rivals:
        choices = (best.table, *(rival.table for rival in rivals))
        return [Question("recognise.unsure_table", {"tables": ", ".join(choices)}, None, choices)]
    return []


def _is_bare(frame: Frame, best: Candidate) -> bool:
    """Bare names, or a client and a day, beside columns that nobody knows: goods and contracts look like that as well."""
    said = best.fields.items()
    if len(best.fields) >= len(frame.labels) or any(found.evidence in ("remembered", "user") for _, found in said):
        return False
    if best.table == "clients":
        return all(found.score <= headers.STRENGTHS["weak"] for _, found in said)
    if best.table == "staff":
        return all(headers.key(frame.labels[index]) == "name" for index, _ in said)
    # The day of a visit is one, the date of anything is none.
    is_any_day = any(match.column == "date" for index, found in said if found.field == "held_on" for match in matches_of("orders", frame, index))
    return best.table == "touches" and is_any_day and {found.field for _, found in said} <= WHO_AND_WHEN


def _foreign(frame: Frame, best: Candidate) -> str | None:
    """The column that tells that the sheet only looks like this table: a list of goods, a bank's statement."""
    # A header that says more than a bare "name" or "code" says that these are clients.
    telling = ("client_id", "client_name", "tax_id", "manager") if best.table == "clients" else ()
    if any(found.field in telling and found.score > headers.STRENGTHS["weak"] for found in best.fields.values()):
        return None
    free = (label for index, label in frame.labels.items() if index not in best.fields)
    return next((label for label in free if headers.is_foreign(best.table, label)), None)


def _scaled_amount(frame: Frame) -> str | None:
    """The column that would be the amount, were it not in thousands or millions."""
    said = {label: headers.without_scale(label) for label in frame.labels.values()}
    return next((label for label, bare in said.items() if bare and names_amount(bare)), None)


def about_cut_numbers(frame: Frame, columns: Sequence[Column]) -> list[Question]:
    """Whole figures with two digits beside them under no header: the comma that cuts the columns cut the numbers as well."""
    nameless = {column.index: column for column in columns if column.header.startswith("#") and column.field is None}
    questions = []
    for column in columns:
        if column.field and column.style and column.evidence not in ("remembered", "user") and column.index + 1 in nameless:
            whole, rest = (frame.body.column(index).drop_null() for index in (column.index, column.index + 1))
            if _are_all(whole, r"^\s*-?\d+\s*$") and _are_all(rest, r"^\d{1,2}$"):
                questions.append(Question("recognise.cut_numbers", {"column": column.header}, column.index))
    return questions


def _are_all(values: pa.ChunkedArray, pattern: str) -> bool:
    return len(values) > 0 and bool(pc.all(pc.match_substring_regex(values, pattern)).as_py())


# Columns that say the same of a row, of which a guess would change what is shown: money, and whose client it is.


def about_rivals(frame: Frame, best: Candidate, columns: Sequence[Column]) -> list[Question]:
    """Which of several columns is meant, with what each says: only where they differ."""
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


def _is_rival(frame: Frame, table: str, column: Column, chosen: Column, wanted: str) -> bool:
    found = next((match for match in matches_of(table, frame, column.index) if match.column == wanted), None)
    # Only a sum is worth asking about on a weak hint; of the many people in an export those with an equal claim are.
    is_near = found is not None and (wanted == "amount" or found.score >= chosen.score - RIVAL_MARGIN)
    return is_near and found is not None and found.evidence == "header"


def _sum(frame: Frame, best: Candidate, column: Column) -> str | None:
    """The sum of a column over rows with a date: total rows have none."""
    values = frame.body.column(column.index)
    date = next((index for index, found in best.fields.items() if found.field == load_tables()[best.table].date), None)
    if date is not None:
        values = values.filter(pc.is_valid(frame.body.column(date)))
    style = column.style or conventions.number_convention(values).style
    numbers = [number for text in values.to_pylist() if (number := conventions.number(text, style)) is not None]
    return f"{sum(numbers):,.2f}".replace(",", " ") if numbers else None


def _people(frame: Frame, best: Candidate, column: Column) -> str | None:
    names = pc.value_counts(frame.body.column(column.index).drop_null())
    ranked = sorted(names.to_pylist(), key=lambda entry: (-entry["counts"], entry["values"]))
    return ", ".join(" ".join(entry["values"].split()) for entry in ranked[:SHOWN_PEOPLE]) or None


def style_of(frame: Frame, table: str, index: int, found: Found, told: str | None) -> tuple[str | None, Question | None]:
    """How a column of dates or numbers is written, as told or by all its values; where those cannot tell, the question."""
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

"""The words that both papers of a review share: its name, how it stands, its figures, what is said of a line.

Knows the tree of kam.review and the translator, no format.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from kam.agenda_questions import AgendaQuestion
from kam.headline import Figure
from kam.i18n import Translator
from kam.minutes import Decision
from kam.review import Line, Review, Section, place_of, sentence

NAMED_CHANGES = 3
Short = Callable[[str], str]  # what a paper does to each text of the data before it stands in a sentence
_NOT_IN_FILE_NAMES = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')
_LONGEST_NAME = 60


def day_of(review: Review) -> date:
    """The day a review goes by: when it was held, while it is open that of its data."""
    return review.held.held_on if review.held else review.as_of


def title(review: Review, t: Translator) -> str:
    return t("paper.title", day=day_of(review))


def file_name(review: Review, t: Translator) -> str:
    """The name of the file in the language, with the date and the manager, without its ending."""
    whose = _NOT_IN_FILE_NAMES.sub(" ", review.manager or "")[:_LONGEST_NAME]
    name = f"{t('paper.title', day=day_of(review).isoformat())} {whose}"
    return name.strip(" .")


def standing(review: Review, t: Translator, filters: Mapping[str, str], short: Short = str) -> list[str]:
    """Lines under the title: open or closed, whose, on which data, against what, narrowed by what."""
    whose = short(review.manager) if review.manager else t("review.everybody")
    against = t("review.against", day=review.previous.held_on) if review.previous else t("review.no_before")
    lines = [t("paper.closed" if review.held else "paper.open", as_of=review.as_of, whose=whose, against=against)]
    narrowing = [f"{t(f'columns.{name}')}: {short(value)}" for name, value in filters.items() if name != "manager"]
    if narrowing:
        lines.append(t("paper.narrowed", filters=", ".join(narrowing)))
    return lines


def section_title(name: str, t: Translator) -> str:
    """A section's number and name."""
    return f"{place_of(name)}. {t(f'agenda.sections.{name}')}"


def totals(section: Section, t: Translator) -> str:
    return t("review.section_total", count=len(section.lines), money=t.money(section.money))


def empty(review: Review, name: str, t: Translator) -> str:
    """What is said of a section without lines: nothing, or that its sheet was never loaded."""
    missing = review.missing_of(name)
    return t("paper.not_loaded", table=t(f"tables.{missing}")) if missing else t("paper.nothing")


# Questions


def question_count(question: AgendaQuestion, t: Translator) -> str:
    """How many rows a question has."""
    return t("home.pinned_cut" if question.is_cut else "units.rows", count=question.rows.count)


def question_note(question: AgendaQuestion, t: Translator, short: Short = str) -> str:
    """What is to be known of an answer: that there is none and why, that it is cut, that it heeds no filter; mostly nothing."""
    if question.error is not None:
        facts = {name: short(value) if isinstance(value, str) else value for name, value in question.facts.items()}
        return t("paper.no_answer", why=f"{t(question.error, **facts).rstrip('.')}.")
    parts = [question_count(question, t)] if question.is_cut else [] if question.rows.count else [t("paper.nothing")]
    if question.unheeded:
        parts.append(t("review.question_unheeded", filters=", ".join(t(f"columns.{name}") for name in question.unheeded)))
    return ". ".join(part.rstrip(".") for part in parts) + "." if parts else ""


# Figures


def written(kind: str, value: float | None, t: Translator) -> str:
    return t.money(value) if kind == "money" else t.percent(value, 1) if kind == "percent" else t.number(value, 0)


def difference(kind: str, value: float | None, t: Translator) -> str:
    """A difference with its sign; of two shares in percentage points."""
    if value is None:
        return t.number(None)
    points = round(value * 100, 1)
    text = t("review.points", value=t.number(points)) if kind == "percent" else written(kind, value, t)
    return f"+{text}" if value > 0 else text


def behind(review: Review, figure: Figure, t: Translator, short: Short = str) -> str:
    """Beside a figure: the clients that made most of its difference, or why there is none to tell of."""
    if figure.value is None:
        return t(f"review.unknown.{figure.name}")
    if figure.difference is None:
        return t("review.was_unknown") if review.previous else ""
    named = [
        f"{short(change.client_name or t('review.no_client'))} {difference(figure.kind, change.difference, t)}"
        for change in figure.changes[:NAMED_CHANGES]
    ]
    left = len(figure.changes) - len(named)
    return "; ".join([*named, t("paper.more_clients", count=left)] if left > 0 else named)


# Lines


def client(line: Line, t: Translator) -> str:
    return line.client_name or t("review.no_client")


def reasons(line: Line, t: Translator, short: Short = str) -> tuple[list[str], list[str]]:
    """Why, in sentences: by the section that the line stands in, and by others."""
    told = [(reason.section == line.section, sentence(reason, t, short)) for reason in line.reasons]
    return [why for is_own, why in told if is_own], [why for is_own, why in told if not is_own]


def decided(one: Decision, t: Translator, short: Short = str) -> str:
    return t("paper.decided", what=short(one.what), who=short(one.who), due=one.due_on)


def outcome(one: Decision, as_of: date, t: Translator, short: Short = str) -> str:
    """What became of a decision: its state, how late, how often moved and how often silently, what was said."""
    late = one.days_overdue(as_of)
    parts = [t(f"values.decision_state.{one.state(as_of)}") + (f" ({t.days(late)})" if late else "")]
    if one.moves:
        parts.append(t("review.moved", count=len(one.moves), original=one.original_due_on))
    if one.silent_move_count:
        parts.append(t("review.moved_silently", count=one.silent_move_count))
    if one.steps and one.steps[-1].reason:
        parts.append(short(one.steps[-1].reason))
    return "; ".join(parts)

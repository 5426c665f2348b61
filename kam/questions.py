"""Questions with a name: those shipped in data/questions.toml and those that people save, in the journal.

Owns what a question is and how it is kept; kam.sandbox answers it. Knows no screen.
"""

from __future__ import annotations

import json
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path

from kam.errors import KamError
from kam.i18n import LANGUAGES
from kam.journal import Journal

FILE = Path(__file__).resolve().parent.parent / "data" / "questions.toml"
CHARTS = ("bar", "line", "scatter")
NAME_LIMIT = 120
AGENDA_LIMIT = 8  # a meeting has an hour; and each is asked while the review waits


@dataclass(frozen=True)
class Chart:
    """How a question is drawn: bar, line or scatter, of which columns."""

    kind: str
    x: str
    y: str


@dataclass(frozen=True)
class Question:
    """A question under its name; `code` opens it by a link. `values`: its parameters as text."""

    code: str
    name: str
    text: str
    values: Mapping[str, str] = field(default_factory=dict)
    chart: Chart | None = None
    is_shipped: bool = False


@cache
def shipped(language: str) -> tuple[Question, ...]:
    """The questions of data/questions.toml under their names in a language."""
    with FILE.open("rb") as file:
        entries = tomllib.load(file)
    language = language if language in LANGUAGES else LANGUAGES[0]
    return tuple(
        Question(code, entry["name"][language], entry["text"].strip(), entry.get("values", {}), _chart(entry.get("chart")), True)
        for code, entry in entries.items()
    )


def saved(journal: Journal) -> list[Question]:
    """The questions that people saved, by name."""
    found = [_read(code, value) for code, value in journal.questions().items()]
    return sorted(found, key=lambda question: question.name.casefold())


def every(journal: Journal, language: str) -> list[Question]:
    """Those saved, then those shipped."""
    return [*saved(journal), *shipped(language)]


def find(journal: Journal, language: str, code: str) -> Question:
    """The question of a link. Raises KamError where it was deleted."""
    for question in every(journal, language):
        if question.code == code:
            return question
    raise KamError("errors.question_unknown")


def pinned(journal: Journal, language: str) -> list[Question]:
    """The questions on the home page; one that was deleted is left out."""
    known = {question.code: question for question in every(journal, language)}
    return [known[code] for code in journal.pinned() if code in known]


def on_agenda(journal: Journal, language: str) -> list[Question]:
    """The questions on the weekly agenda, in the order in which they were put there; one that was deleted is left out."""
    known = {question.code: question for question in every(journal, language)}
    return [known[code] for code in journal.on_agenda() if code in known]


def put_on_agenda(journal: Journal, question: Question) -> None:
    """Makes a question a line of the weekly agenda. Raises KamError where AGENDA_LIMIT stand there."""
    there = {one.code for one in on_agenda(journal, LANGUAGES[0])}
    if question.code not in there and len(there) >= AGENDA_LIMIT:
        raise KamError("errors.agenda_full", limit=AGENDA_LIMIT)
    journal.set_on_agenda(question.code, True)


def save(journal: Journal, name: str, text: str, values: Mapping[str, str], chart: Chart | None = None) -> Question:
    """Keeps a question under a new code. Raises KamError for a name that is blank, too long or taken."""
    question = Question(secrets.token_hex(4), _checked(journal, name), text, dict(values), chart)
    _keep(journal, question)
    return question


def rename(journal: Journal, question: Question, name: str) -> Question:
    """The same question, link and pin under another name."""
    named = replace(question, name=_checked(journal, name, question.code))
    _keep(journal, named)
    return named


def change(journal: Journal, question: Question, text: str, values: Mapping[str, str], chart: Chart | None) -> Question:
    """The same question, link and pin with another text."""
    changed = replace(question, text=text, values=dict(values), chart=chart)
    _keep(journal, changed)
    return changed


def delete(journal: Journal, question: Question) -> None:
    """Takes a saved question away; `put_back` undoes it."""
    journal.set_question(question.code, None)


def put_back(journal: Journal, question: Question) -> None:
    """Brings a deleted question back under its old code: its link and its pin are good again."""
    _keep(journal, question)


def _keep(journal: Journal, question: Question) -> None:
    kept = {name: value for name, value in asdict(question).items() if name not in ("code", "is_shipped")}
    journal.set_question(question.code, json.dumps(kept, ensure_ascii=False))


def _read(code: str, value: str) -> Question:
    kept = json.loads(value)
    return Question(code, kept["name"], kept["text"], kept["values"], _chart(kept["chart"]))


def _chart(kept: Mapping[str, str] | None) -> Chart | None:
    return Chart(kept["kind"], kept["x"], kept["y"]) if kept else None


def _checked(journal: Journal, name: str, own: str | None = None) -> str:
    name = " ".join(name.split())
    if not name:
        raise KamError("errors.question_unnamed")
    if len(name) > NAME_LIMIT:
        raise KamError("errors.question_name_long", limit=NAME_LIMIT)
    if any(other.name.casefold() == name.casefold() and other.code != own for other in saved(journal)):
        raise KamError("errors.question_taken", name=name)
    return name

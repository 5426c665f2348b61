"""The questions on the weekly agenda, on the page and in the meeting: how many rows each has, the first of them, the rest behind a click.

Where the rows are of clients, each is a line: its card, a decision. What a question asks and how it is kept is for
kam.questions; how it is answered for kam.agenda_questions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pyarrow as pa
import streamlit as st

from kam import agenda_questions, columns, questions
from kam.agenda_questions import AgendaQuestion
from kam.review import QUESTIONS, Line, Reason, Review, place_of
from kam.ui import deciding, failures, menu, tables
from kam.ui.evidence import Evidence
from kam.ui.frame import Screen
from kam.ui.text import escape, escape_facts

FIRST_ROWS, MORE_ROWS = 5, 20
TABLE_HEIGHT = tables.ROW_HEIGHT * (FIRST_ROWS + 1) + 3
LONGEST_VALUE = 160
NAMED = ("client_id", "client_name")


def answered(screen: Screen, shown: Review) -> Review:
    """The review with its questions answered; a closed one has the answers that it was closed with."""
    if shown.held:
        return shown
    found = agenda_questions.asked(screen.ws, screen.t.language, shown.as_of, dict(screen.filters))
    return replace(shown, questions=found)


def stand(screen: Screen) -> bool:
    """Whether questions are on the agenda, whatever they answer."""
    return bool(questions.on_agenda(screen.ws.journal, screen.t.language))


def part(screen: Screen, shown: Review) -> None:
    """The part of the page with the questions. They are asked here, when the sections before are drawn already."""
    with failures.said(screen.t):
        shown = _waited(screen, shown)
        if shown.raised:
            with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="section_questions"):
                st.subheader(title(screen), anchor=False, width="content")
                st.caption(totals(screen, shown), width="content")
        lines(screen, shown)
        if not shown.held and screen.may_change:
            _adder(screen)


def slide(screen: Screen, shown: Review) -> None:
    """The same in the meeting, where the bar has the title."""
    with failures.said(screen.t):
        shown = _waited(screen, shown)
        st.caption(totals(screen, shown))
        lines(screen, shown)


def contents(screen: Screen, shown: Review) -> None:
    """What the meeting has before it, after the sections."""
    with failures.said(screen.t):
        shown = _waited(screen, shown)
        if shown.raised:
            st.markdown(f"- {title(screen)}: {totals(screen, shown)}")


def _waited(screen: Screen, shown: Review) -> Review:
    with st.spinner(screen.t("sql.running")):
        return answered(screen, shown)


def title(screen: Screen) -> str:
    """The number and the name of the part."""
    return f"{place_of(QUESTIONS)}\\. {screen.t('agenda.sections.questions')}"


def lines(screen: Screen, shown: Review) -> None:
    """The questions that have something to say, and the names of those that have not. The review is an answered one."""
    for question in shown.raised:
        _question(screen, shown, question)
    silent = [f"«{escape(one.name)}»" for one in shown.questions if not one.is_line]
    if silent:
        st.caption(screen.t("review.questions_silent", names=", ".join(silent)))


def totals(screen: Screen, shown: Review) -> str:
    """So many questions, so many rows."""
    rows = screen.t("units.rows", count=sum(one.rows.count for one in shown.raised))
    return f"{screen.t('review.question_count', count=len(shown.raised))} · {rows}"


# A question


def _question(screen: Screen, shown: Review, question: AgendaQuestion) -> None:
    form = f"decide_{question.item_id}"
    with st.container(key=f"question_{question.code}", gap="xsmall"):
        left, right = st.columns([6.2, 3.3], vertical_alignment="center")
        with left:
            _head(screen, shown, question)
        if shown.held is None:
            with right, st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
                _openers(screen, question, form)
        if deciding.is_open(form):
            deciding.decision(screen, form, shown.as_of, _line(question, {}))
        _answer(screen, shown, question)


def _openers(screen: Screen, question: AgendaQuestion, form: str) -> None:
    """The buttons of a question that whoever looks may use."""
    if deciding.minutes_of(screen).may_decide(None):
        deciding.opener(screen, form, "review.decide", ":material/add_task:")
    label, key = screen.t("review.take_off"), f"off_{question.code}"
    if screen.may_change and st.button(label, key=key, type="tertiary", icon=":material/playlist_remove:"):
        screen.ws.journal.set_on_agenda(question.code, False)
        st.rerun()


def _head(screen: Screen, shown: Review, question: AgendaQuestion) -> None:
    """The name as a link to the question, how many rows, and before it the button that opens them all."""
    t = screen.t
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if question.rows.count and st.button(
            "", key=f"why_{question.code}", type="tertiary", icon=":material/search_insights:", help=t("evidence.button")
        ):
            screen.open(_evidence(screen, shown, question))
        menu.link("sql", t, {**screen.query, "question": question.code}, f"**{escape(question.name)}**")
        if question.error is None:
            st.caption(_count(screen, question), width="content")


def _count(screen: Screen, question: AgendaQuestion) -> str:
    count = question.rows.count
    return screen.t("home.pinned_cut", count=count) if question.is_cut else screen.t("units.rows", count=count)


def _evidence(screen: Screen, shown: Review, question: AgendaQuestion) -> Evidence:
    facts = {"as_of": shown.as_of, "rows": _count(screen, question)}
    return Evidence(question.name, "review.evidence.question", facts, question.rows.table(), label=columns.asked_label)


def _answer(screen: Screen, shown: Review, question: AgendaQuestion) -> None:
    t = screen.t
    if question.error is not None:
        why = t(question.error, **escape_facts(question.facts))
        st.warning(t("review.question_failed", why=f"{why.rstrip('.')}."), icon=":material/error:")
        return
    if question.unheeded:
        names = ", ".join(t(f"columns.{name}") for name in question.unheeded)
        screen.note("review.question_unheeded", filters=names)
    table = question.rows.table()
    for one in shown.decided_at(question):
        if one.client_id is None or "client_id" not in table.column_names:
            deciding.made(screen, one, shown.as_of, shown.held is not None)
    if "client_id" in table.column_names:
        _clients(screen, shown, question, table)
    else:
        height, file = TABLE_HEIGHT if table.num_rows > FIRST_ROWS else None, t("review.title")
        tables.show(f"question_{question.code}", table, t, search=False, height=height, file=file, label=columns.asked_label)


# Rows of clients


def _clients(screen: Screen, shown: Review, question: AgendaQuestion, table: pa.Table) -> None:
    """The first rows, and those about whose clients something was decided; a button shows more."""
    decided = {one.client_id for one in shown.decided_at(question)}
    key = f"rows_{question.code}"
    count = st.session_state.get(key, FIRST_ROWS)
    ids = [None if one is None else str(one) for one in table.column("client_id").to_pylist()]
    numbers = [number for number, client in enumerate(ids) if number < count or (client is not None and client in decided)]
    part = table.take(pa.array(numbers, pa.int64()))
    told = set[str]()
    for number, row, words in zip(numbers, part.to_pylist(), _told(screen, part), strict=True):
        _row(screen, shown, question, row, words, number, is_first=ids[number] not in told)
        told.add(ids[number] or "")
    left = table.num_rows - len(numbers)
    if left > 0 and st.button(
        screen.t("review.more_rows", count=left), key=f"more_{key}", type="tertiary", icon=":material/expand_more:"
    ):
        st.session_state[key] = count + MORE_ROWS
        st.rerun()


def _told(screen: Screen, part: pa.Table) -> Iterator[str]:
    """Each row in a line of markdown: the headings with their values, names of clients aside."""
    t, worded = screen.t, columns.worded(part, screen.t)
    names = [name for name in part.column_names if name not in NAMED]
    writers = {name: columns.writer_of(columns.kind_shown(name, part.column(name)), t) or str for name in names}
    for row in worded.to_pylist():
        known = ((name, writers[name](row[name])) for name in names if row[name] is not None)
        yield " · ".join(f"{escape(columns.asked_label(name, t))}: {escape(_short(text))}" for name, text in known)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE].rstrip() + "…"


def _row(
    screen: Screen, shown: Review, question: AgendaQuestion, row: Mapping[str, Any], words: str, number: int, is_first: bool
) -> None:
    form = f"decide_{question.item_id}:{number}"
    line = _line(question, row, _known(screen).get(str(row["client_id"])))
    is_closed = shown.held is not None
    with st.container(key=f"line_{question.code}_{number}", gap=None):
        left, right = st.columns([7.5, 2], vertical_alignment="center")
        with left:
            _name(screen, line)
            st.caption(words)
        for one in shown.decided_at(question) if is_first and line.client_id is not None else ():
            if one.client_id == line.client_id:
                deciding.made(screen, one, shown.as_of, is_closed)
        if is_closed or line.client_id is None or not deciding.minutes_of(screen).may_decide(line.client_id):
            return
        with right, st.container(horizontal=True, horizontal_alignment="right"):
            deciding.opener(screen, form, "review.decide", ":material/add_task:")
        if deciding.is_open(form):
            deciding.decision(screen, form, shown.as_of, line)


def _name(screen: Screen, line: Line) -> None:
    """The client's name, a link to its card where the data of the view know the client."""
    label = f"**{escape(line.client_name or line.client_id or screen.t('review.no_client'))}**"
    if line.client_id is not None and line.client_id in _known(screen):
        menu.link("client", screen.t, {**screen.query, "client": line.client_id}, label)
    else:
        st.markdown(label, width="content")


def _known(screen: Screen) -> Mapping[str, Mapping[str, Any]]:
    view = (screen.ws.key, screen.ws.dataset_id, screen.ws.journal.version, screen.as_of, tuple(sorted(screen.filters.items())))
    return _clients_of(view, screen)


@st.cache_resource(show_spinner=False, max_entries=8)
def _clients_of(view: tuple[Any, ...], _screen: Screen) -> Mapping[str, Mapping[str, Any]]:
    """The clients of the view by their id: a row of an answer has only what was asked for."""
    return {str(row["client_id"]): row for row in _screen.fetch("marts.home_clients").to_pylist()}


def _line(question: AgendaQuestion, row: Mapping[str, Any], known: Mapping[str, Any] | None = None) -> Line:
    """A row as a line of the agenda, so that a decision can be noted to it; without a row the question itself."""
    client, about = row.get("client_id"), known or {}
    owner = next((str(value) for value in (row.get("owner"), row.get("manager"), about.get("manager")) if value), None)
    name = row.get("client_name") or about.get("client_name")
    return Line(
        section=QUESTIONS,
        client_id=None if client is None else str(client),
        client_name=None if name is None else str(name),
        owner=owner,
        manager=about.get("manager"),
        class_=about.get("class"),
        is_key=False,
        money=None,
        reasons=(Reason(QUESTIONS, question.item_id, "question", {}, None, None),),
    )


# On and off the agenda


def _adder(screen: Screen) -> None:
    """The list of questions that are not on the agenda yet: the one chosen is put there."""
    t, journal = screen.t, screen.ws.journal
    there = set(journal.on_agenda())
    known = {one.code: one for one in questions.every(journal, t.language) if one.code not in there}
    with st.popover(t("review.add_question"), icon=":material/playlist_add:"):
        code = st.selectbox(
            t("review.add_question_label"), list(known), index=None, key="add_question", format_func=lambda one: known[one].name
        )
        screen.note("review.add_question_help", limit=questions.AGENDA_LIMIT)
        if code:
            st.session_state.pop("add_question", None)
            with failures.said(t):
                questions.put_on_agenda(journal, known[code])
                st.rerun()


def choose(screen: Screen, question: questions.Question) -> None:
    """The button of the question's own page that puts it on the agenda, or takes it off; none for hands that may not."""
    if not screen.may_change:
        return
    is_there = question.code in screen.ws.journal.on_agenda()
    label, icon = ("review.take_off", ":material/playlist_remove:") if is_there else ("review.put_on", ":material/playlist_add:")
    if st.button(screen.t(label), key="sql_agenda", icon=icon):
        with failures.said(screen.t):
            if is_there:
                screen.ws.journal.set_on_agenda(question.code, False)
            else:
                questions.put_on_agenda(screen.ws.journal, question)
            st.rerun()

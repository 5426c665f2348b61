"""The widgets of the SQL page: the editor with its parameters, what can be asked beside it, the answer, saved questions.

What a text may ask is for kam.sandbox, how a question is kept for kam.questions; here is only what is seen and clicked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import streamlit as st

from kam import answers, queries, questions, sandbox
from kam.charts import asked as asked_charts
from kam.columns import own_label
from kam.errors import KamError
from kam.i18n import Translator
from kam.questions import CHARTS, Chart, Question
from kam.ui import failures, filters, raising
from kam.ui import tables as tables_ui
from kam.ui.failures import guarded
from kam.ui.frame import Screen
from kam.ui.moments import local_moment
from kam.ui.text import escape

EXAMPLE = "select class, count(*) as client_count, sum(revenue) as revenue\nfrom marts.client_classes\ngroup by all\norder by class\n"
EDITOR_HEIGHT, LIST_HEIGHT = 190, 170
COLUMNS = ("sql_column", "meaning", "sql_type")
FOUND = ("sql_table", *COLUMNS)
TABLES = ("sql_table", "about")
HISTORY = ("asked_at", "sql_text", "row_count")
NONE = "none"

# What is typed and answered, in the session: widgets die on a change of page, these do not.
TEXT, VALUES, OPEN, CHART, ANSWER, WHOLE, DELETED = (
    f"_sql_{name}" for name in ("text", "values", "open", "chart", "answer", "whole", "deleted")
)


@dataclass(frozen=True)
class Asked:
    """What was asked, and what came of it: an answer, a plan or a mistake."""

    text: str
    values: Mapping[str, str]
    as_of: date | None
    answer: sandbox.Answer | None = None
    plan: str | None = None
    mistake: KamError | None = None


# Opening


def opened(screen: Screen) -> None:
    """Puts the question of the link, or what was typed before, into the editor."""
    code = st.query_params.get("question")
    if code and code != st.session_state.get(OPEN):
        with failures.said(screen.t):
            _open(screen, questions.find(screen.ws.journal, screen.t.language, code))
            _ask(screen)
    for key, value in (("sql_text", st.session_state.get(TEXT, EXAMPLE)), ("sql_question", st.session_state.get(OPEN))):
        st.session_state.setdefault(key, value)


def _open(screen: Screen, question: Question) -> None:
    st.session_state["sql_text"] = st.session_state[TEXT] = question.text
    st.session_state["sql_question"] = st.session_state[OPEN] = question.code
    _put_values(question.values)
    _put_chart(question.chart)
    st.query_params["question"] = question.code


def _put_values(values: Mapping[str, str]) -> None:
    st.session_state[VALUES] = dict(values)
    for name, value in values.items():
        st.session_state[f"sql_value_{name}"] = value


def _put_chart(chart: Chart | None) -> None:
    st.session_state[CHART] = chart
    for name in ("kind", "x", "y"):
        st.session_state.pop(f"sql_chart_{name}", None)


def chooser(screen: Screen) -> None:
    """The list of questions, saved ones first; typing in it searches."""
    known = {question.code: question for question in questions.every(screen.ws.journal, screen.t.language)}
    if st.session_state.get("sql_question") not in known:
        st.session_state["sql_question"] = None

    def take() -> None:
        code = st.session_state["sql_question"]
        if code is None:
            st.session_state[OPEN] = None
            st.query_params.pop("question", None)
            return
        _open(screen, known[code])
        _ask(screen)

    st.selectbox(
        screen.t("sql.questions", count=len(known)),
        list(known),
        format_func=lambda code: known[code].name if code in known else str(code),
        key="sql_question",
        placeholder=screen.t("sql.open"),
        on_change=guarded(take),
        label_visibility="collapsed",
    )


# The editor


def editor(screen: Screen) -> None:
    """The text, its parameters as fields, and what to do with it."""
    text = st.text_area(screen.t("sql.text"), key="sql_text", height=EDITOR_HEIGHT, label_visibility="collapsed")
    st.session_state[TEXT] = text or ""
    _fields(screen)
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(screen.t("sql.run"), type="primary", icon=":material/play_arrow:"):
            _ask(screen)
        if st.button(screen.t("sql.explain"), icon=":material/account_tree:"):
            _ask(screen, explains=True)
        _on_agenda(screen)
        _saving(screen)
        _managing(screen)
    _undo(screen)


def own_parameters(text: str) -> list[str]:
    """What is asked for in fields: the text's own parameters and those of its marts; the filters above fill the others."""
    names = dict.fromkeys([*sandbox.parameters(text), *sandbox.mart_parameters(text)])
    return [name for name in names if name not in filters.FILTERS]


def _fields(screen: Screen) -> None:
    names = own_parameters(st.session_state[TEXT])
    kept = st.session_state.get(VALUES, {})
    for at in range(0, len(names), 4):
        for name, place in zip(names[at : at + 4], st.columns(4), strict=False):
            st.session_state.setdefault(f"sql_value_{name}", kept.get(name, ""))
            kept[name] = place.text_input(escape(f"${name}"), key=f"sql_value_{name}") or ""
    st.session_state[VALUES] = {name: kept.get(name, "") for name in names}


def _values(screen: Screen) -> dict[str, str]:
    typed = st.session_state.get(VALUES, {})
    own = {name: str(typed.get(name, "")) for name in own_parameters(st.session_state[TEXT])}
    return {**dict.fromkeys(filters.FILTERS, ""), **screen.filters, **own}


def _ask(screen: Screen, explains: bool = False) -> None:
    """Asks what stands in the editor; the answer stays until the next one, the question in the history."""
    ws, text, values, as_of = screen.ws, st.session_state[TEXT], _values(screen), screen.as_of
    st.session_state.pop(WHOLE, None)
    answer, plan, mistake = None, None, None
    try:
        with st.spinner(screen.t("sql.running")):
            if explains:
                plan = sandbox.explain(ws, text, as_of, values)
            else:
                answer = sandbox.ask(ws, text, as_of, values)
    except KamError as error:
        mistake = error
    st.session_state[ANSWER] = Asked(text, values, as_of, answer, plan, mistake)
    if text.strip() and not explains:
        own = {name: value for name, value in values.items() if name not in filters.FILTERS}
        ws.journal.add_asked(text, own, answer.table.num_rows if answer else None)
        ws.journal.told("sql", text, rows=answer.table.num_rows if answer else None, refused=mistake.key if mistake else None)


# Saved questions


def _saving(screen: Screen) -> None:
    """A new question, under a name that everybody sees: for who may change what belongs to all."""
    if not screen.may_change:
        return
    with st.popover(screen.t("sql.save"), icon=":material/bookmark_add:"):
        name = st.text_input(screen.t("sql.name"), key="sql_new_name", max_chars=questions.NAME_LIMIT)
        if st.button(screen.t("sql.save_new"), type="primary", key="sql_save"):
            with failures.said(screen.t):
                made = questions.save(screen.ws.journal, name or "", st.session_state[TEXT], _own_values(), _chart())
                _again(screen, made, screen.t("sql.saved"))


def _own_values() -> dict[str, str]:
    return dict(st.session_state.get(VALUES, {}))


def _chart() -> Chart | None:
    chart: Chart | None = st.session_state.get(CHART)
    return chart


def _on_agenda(screen: Screen) -> None:
    """The button that makes the open question a line of the weekly agenda, or takes it off."""
    journal, code = screen.ws.journal, st.session_state.get(OPEN)
    known = {question.code: question for question in questions.every(journal, screen.t.language)}
    if code in known:
        raising.choose(screen, known[code])


def _managing(screen: Screen) -> None:
    """What can be done with the question that is open: pinned, renamed, changed, deleted; its link."""
    journal, t, code = screen.ws.journal, screen.t, st.session_state.get(OPEN)
    known = {question.code: question for question in questions.every(journal, t.language)}
    if code not in known:
        return
    question, is_pinned = known[code], code in journal.pinned()
    with st.popover(t("sql.question"), icon=":material/bookmark:"):
        if screen.may_change and st.toggle(t("sql.pinned"), value=is_pinned, key=f"sql_pin_{code}") != is_pinned:
            journal.set_pinned(code, not is_pinned)
        st.caption(t("sql.link"))
        st.code(f"?question={code}", language=None)
        if not screen.may_change:
            return
        if question.is_shipped:
            st.caption(t("sql.shipped"))
            return
        name = st.text_input(t("sql.name"), value=question.name, key=f"sql_name_{code}", max_chars=questions.NAME_LIMIT)
        with failures.said(t):
            if st.button(t("sql.rename"), disabled=not name or name == question.name, key="sql_rename"):
                _again(screen, questions.rename(journal, question, name or ""), t("sql.saved"))
            if st.button(t("sql.change"), key="sql_change"):
                changed = questions.change(journal, question, st.session_state[TEXT], _own_values(), _chart())
                _again(screen, changed, t("sql.saved"))
        st.button(t("sql.delete"), icon=":material/delete:", key="sql_delete", on_click=guarded(_delete), args=(screen, question))


def _again(screen: Screen, question: Question, said: str) -> None:
    st.session_state[OPEN] = question.code
    st.session_state.pop("sql_question", None)
    st.query_params["question"] = question.code
    st.toast(said, icon=":material/check:")
    st.rerun()


def _delete(screen: Screen, question: Question) -> None:
    questions.delete(screen.ws.journal, question)
    st.session_state[DELETED] = question
    st.session_state[OPEN] = st.session_state["sql_question"] = None
    st.query_params.pop("question", None)


def _undo(screen: Screen) -> None:
    question: Question | None = st.session_state.get(DELETED)
    if question is None:
        return

    def put_back() -> None:
        questions.put_back(screen.ws.journal, question)
        st.session_state[DELETED] = None
        _open(screen, question)

    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(screen.t("sql.deleted", name=escape(question.name)), width="content")
        st.button(screen.t("sql.undo"), icon=":material/undo:", type="tertiary", on_click=guarded(put_back))


# Beside the editor


def beside(screen: Screen) -> None:
    """What can be asked: tables, their columns and what these mean; and what was asked before."""
    tables_place, history_place = st.tabs([screen.t("sql.tables"), screen.t("sql.history")])
    with tables_place:
        _catalogue(screen)
    with history_place:
        _history(screen)


@st.cache_resource(show_spinner=False, max_entries=4)
def _columns(_screen: Screen, key: str, dataset_id: str | None) -> pa.Table:
    # A dataset never changes, and the columns of its tables neither.
    return sandbox.columns(_screen.ws)


def _catalogue(screen: Screen) -> None:
    t, ws = screen.t, screen.ws
    with st.spinner(t("sql.reading_columns")):
        columns = _columns(screen, ws.key, ws.dataset_id)
    columns = columns.append_column("meaning", pa.array([_meaning(name, t) for name in columns.column("sql_column").to_pylist()]))
    names = list(dict.fromkeys(columns.column("sql_table").to_pylist()))
    names.sort(key=lambda name: not t.has(_about_key(name)))  # those worth beginning with have words of their own
    words = st.text_input(t("sql.find"), key="sql_find", placeholder=t("sql.find"), label_visibility="collapsed", icon=":material/search:")
    chosen = st.selectbox(t("sql.table"), names, index=None, key="sql_table", placeholder=t("sql.table"), label_visibility="collapsed")
    if words:
        _small("found", tables_ui.found(columns, words, t), FOUND, t)
    elif chosen:
        st.caption(escape(_about(chosen, t)))
        rows = [name == chosen for name in columns.column("sql_table").to_pylist()]
        _small("columns", columns.filter(pa.array(rows)), COLUMNS, t)
    else:
        _small("tables", pa.table({"sql_table": names, "about": [_about(name, t) for name in names]}), TABLES, t)


def _small(key: str, table: pa.Table, columns: tuple[str, ...], t: Translator) -> None:
    tables_ui.show(f"sql_{key}", table, t, columns=columns, search=False, height=LIST_HEIGHT, file=f"ritm-sql-{key}")


def _meaning(name: str, t: Translator) -> str:
    parts = (t.get(f"columns.{name}", ""), t.get(f"columns.{name}_help", ""))
    return ". ".join(part for part in parts if part)


def _about(table: str, t: Translator) -> str:
    """What a table holds: the locale's words, else the first sentence of the file that makes it."""
    query = queries.all_queries().get(table)
    return t.get(_about_key(table), query.summary if query else "")


def _about_key(table: str) -> str:
    return f"sql.about.{table.replace('.', '_')}"


def _history(screen: Screen) -> None:
    past = screen.ws.journal.asked()
    if not past:
        screen.note("sql.no_history")
        return
    table = pa.table(
        {
            "asked_at": [local_moment(asked.asked_at) for asked in past],
            "sql_text": [" ".join(asked.text.split()) for asked in past],
            "row_count": pa.array([asked.row_count for asked in past], pa.int64()),
            "number": [asked.number for asked in past],
        }
    )

    def take() -> None:
        rows = st.session_state["sql_history"]["selection"]["rows"]
        if rows and rows[0] < len(past):
            asked = past[rows[0]]
            st.session_state["sql_text"] = st.session_state[TEXT] = asked.text
            _put_values(asked.values)

    screen.note("sql.history_hint")
    tables_ui.show("sql_history", table, screen.t, columns=HISTORY, search=False, on_select=take, height=LIST_HEIGHT, file="ritm-sql-history")


# The answer


def answer(screen: Screen) -> None:
    """What came of the last question: rows and chart, a plan, or the mistake with its place."""
    asked: Asked | None = st.session_state.get(ANSWER)
    if asked is None:
        screen.note("sql.not_asked")
        return
    if asked.mistake:
        _mistake(screen, asked.text, asked.mistake)
    if asked.plan is not None:
        screen.heading("sql.plan")
        st.code(asked.plan, language=None)
    if asked.answer:
        _rows(screen, asked, asked.answer)


def _mistake(screen: Screen, text: str, mistake: KamError) -> None:
    failures.say(mistake, screen.t)
    line, column = mistake.facts.get("line"), mistake.facts.get("column")
    lines = text.splitlines()
    if isinstance(line, int) and isinstance(column, int) and line <= len(lines):
        st.code(f"{lines[line - 1]}\n{' ' * (column - 1)}^", language=None)


def _rows(screen: Screen, asked: Asked, found: sandbox.Answer) -> None:
    t, table = screen.t, answers.plain(found.table)
    screen.heading("sql.answer", count=table.num_rows)
    if (asked.text, asked.values, asked.as_of) != (st.session_state[TEXT], _values(screen), screen.as_of):
        st.info(t("sql.stale"), icon=":material/history:")
    if found.is_cut:
        st.warning(t("sql.cut", count=table.num_rows), icon=":material/content_cut:")
    tables_ui.show("sql_answer", table, t, file="ritm-sql", label=own_label, csv=True)
    _exports(screen, asked, found)
    if table.num_rows:
        _drawn(screen, table)


def _exports(screen: Screen, asked: Asked, found: sandbox.Answer) -> None:
    """Where the answer was cut, the whole of it, asked anew and only when somebody wants it."""
    t = screen.t
    if not found.is_cut:
        return
    with failures.said(t), st.container(horizontal=True, vertical_alignment="center"):
        if st.button(t("sql.whole", limit=sandbox.EXPORTED_ROWS), icon=":material/download:"):
            with st.spinner(t("sql.running")):
                st.session_state[WHOLE] = sandbox.ask_all(screen.ws, asked.text, asked.as_of, asked.values)
        whole: sandbox.Answer | None = st.session_state.get(WHOLE)
        if whole is None:
            return
        st.caption(t("sql.whole_cut" if whole.is_cut else "sql.whole_ready", count=whole.table.num_rows), width="content")
        tables_ui.xlsx_download("sql_whole_xlsx", answers.plain(whole.table), t, "ritm-sql", label=own_label)
        tables_ui.csv_download("sql_whole_csv", answers.plain(whole.table), t, "ritm-sql", label=own_label)


def _drawn(screen: Screen, table: pa.Table) -> None:
    """The quick chart: kind, across, up."""
    t, measures = screen.t, [name for name in table.column_names if asked_charts.is_measure(table.column(name).type)]
    if not measures:
        return
    kept = _chart()
    places = st.columns([1.4, 1, 1])
    with places[0]:
        kind = st.segmented_control(
            t("sql.chart"),
            (NONE, *CHARTS),
            default=kept.kind if kept else NONE,
            format_func=lambda code: t(f"sql.charts.{code}"),
            key="sql_chart_kind",
        )
    if kind in (None, NONE):
        st.session_state[CHART] = None
        return
    x = _axis(places[1], t("sql.chart_x"), table.column_names, kept.x if kept else table.column_names[0], "x")
    y = _axis(places[2], t("sql.chart_y"), measures, kept.y if kept else measures[-1], "y")
    st.session_state[CHART] = Chart(str(kind), x, y)
    screen.chart(asked_charts.quick(table, str(kind), x, y, t, screen.palette), "asked")


def _axis(place: object, words: str, names: list[str], default: str, which: str) -> str:
    key = f"sql_chart_{which}"
    if st.session_state.get(key) not in names:
        st.session_state[key] = default if default in names else names[-1]
    return str(place.selectbox(words, names, key=key))  # type: ignore[attr-defined]

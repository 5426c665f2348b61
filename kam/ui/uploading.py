"""The widgets of the upload page: files dropped, sheets shown with their columns, answers kept, the load, its report.

What a sheet is and what a load does is decided in kam.recognise and kam.imports; here is only what is seen and clicked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pyarrow as pa
import streamlit as st
from streamlit.column_config import SelectboxColumn, TextColumn

from kam import imports
from kam.i18n import Translator
from kam.imports import SheetReport, Upload
from kam.rebuild import rebuild
from kam.recognise import Column, Correction, Question
from kam.tables import load_tables
from kam.ui import changing, colleagues, dropping, matching, progress
from kam.ui import tables as tables_ui
from kam.ui.frame import Screen
from kam.ui.moments import local_moment
from kam.ui.readings import reading
from kam.ui.text import escape, escape_facts

SheetKey = tuple[str, str]
MODES = ("replace-period", "add", "replace-all")
UNMAPPED = "-"  # an empty text would show as None
SHOWN_ROWS = 5
STYLES = ("dmy", "mdy", "comma", "dot")


# Files


def dropped(screen: Screen) -> list[Upload]:
    """The files to look at: those dropped here, else those dropped on the invitation."""
    own = dropping.zone(screen.t, "upload.drop")
    handed = [] if own else dropping.handed()
    if handed:
        with st.container(horizontal=True, vertical_alignment="center"):
            screen.note("upload.handed", files=", ".join(upload.name for upload in handed))
            if st.button(screen.t("upload.take_away"), type="tertiary", icon=":material/close:"):
                dropping.forget()
                st.rerun()
    return own or handed


# Looking at what was dropped


def corrections() -> dict[SheetKey, Correction]:
    """What the user said about each sheet of this upload."""
    kept: dict[SheetKey, Correction] = st.session_state.setdefault("corrections", {})
    return kept


def inspected(screen: Screen, uploads: Sequence[Upload]) -> list[SheetReport]:
    """Each sheet's report, nothing loaded; looked at anew only when files or answers changed."""
    mode, captured = st.session_state.get("mode", MODES[0]), st.session_state.get("captured")
    said = repr(sorted(corrections().items(), key=lambda item: item[0]))
    state = (tuple(uploads), said, mode, captured, screen.ws.dataset_id)
    kept = st.session_state.get("inspected")
    if kept is None or kept[0] != state:
        with st.status(screen.t("upload.inspecting"), expanded=True):
            reports = imports.inspect(
                screen.ws, list(uploads), corrections(), captured, progress=progress.bar(screen.t), mode=mode
            )
            kept = (state, reports)
        st.session_state["inspected"] = kept
        st.rerun()
    found: list[SheetReport] = kept[1]
    return found


def _say(report: SheetReport, **changes: Any) -> None:
    """Keeps an answer about a sheet beside what was said before, and draws the page with it."""
    key = (report.file, report.sheet)
    before = corrections().get(key) or Correction(report.table)
    corrections()[key] = replace(before, **changes)
    st.rerun()


def _said(report: SheetReport) -> Correction:
    return corrections().get((report.file, report.sheet)) or Correction(report.table)


def _questions(report: SheetReport) -> tuple[Question, ...]:
    return report.recognition.questions if report.recognition else ()


def _open_questions(report: SheetReport) -> tuple[Question, ...]:
    """The questions without whose answers the sheet cannot be loaded."""
    return tuple(question for question in _questions(report) if not question.can_wait)


def is_ready(report: SheetReport) -> bool:
    """Whether the sheet can be loaded: recognised, no error, no question open."""
    return report.error is None and report.table is not None and not _open_questions(report)


def table_of(report: SheetReport) -> str | None:
    """The table that the sheet is, or would be if its questions were answered."""
    asked = (question.facts.get("table") for question in _questions(report))
    return report.table or next((str(name) for name in asked if name), None)


def in_words(facts: Mapping[str, Any], t: Translator) -> dict[str, Any]:
    """Facts of a question or error with the codes of tables and columns put into words, texts escaped."""
    return escape_facts(t.in_words(facts))


def sheet_card(screen: Screen, report: SheetReport) -> None:
    """One sheet: what it was taken for and why, its questions, its columns open to correction, its counts."""
    t = screen.t
    warnings = _warnings(report, t)
    is_open = bool(warnings) or _said(report).beside or not is_ready(report)
    with st.expander(_headline(report, t), expanded=is_open, icon=_icon(report)):
        if report.error is not None and not _questions(report):
            st.error(t(report.error.key, **in_words(report.error.facts, t)))
            _ask_password(report, t)
        if report.recognition is None:
            return
        _ask_table(report, t)
        for question in _questions(report):
            _ask(report, question, t)
        for warning in warnings:
            st.warning(warning)
        if is_ready(report):
            _ask_beside(report, t)
        _counts(report, t)
        if is_ready(report):
            changing.preview(screen, report)
        if table_of(report) is not None:
            _columns(report, t)
        if report.rejects is not None and report.rejects.num_rows:
            screen.heading("upload.rejected", count=report.rejects.num_rows)
            screen.table(f"rejects_{report.file}_{report.sheet}", report.rejects, file="ritm-rejected", height=220)


def _headline(report: SheetReport, t: Translator) -> str:
    name = escape(report.file) + (f" › {escape(report.sheet)}" if report.sheet else "")
    if report.table is None and _questions(report):
        return f"{name} — {t('upload.not_recognised')}"
    if report.error is not None and not _questions(report):
        return f"{name} — {t('upload.refused')}"
    table = t(f"tables.{report.table}") if report.table else t("upload.not_recognised")
    changes = changing.in_words(report, t) if is_ready(report) else ""
    rows = f", {t('units.rows', count=report.rows_read)}" if report.rows_read else ""
    rejected = f"; {t('upload.not_taken', count=report.rows_rejected)}" if report.rows_rejected else ""
    return f"{name} — **{table}**{rows}" + (f": {changes}" if changes else "") + rejected


def _icon(report: SheetReport) -> str:
    if is_ready(report):
        return ":material/check_circle:"
    return ":material/help:" if _questions(report) else ":material/error:"


def _ask_password(report: SheetReport, t: Translator) -> None:
    if report.error is None or ("password" not in report.error.key and "encrypted" not in report.error.key):
        return
    given = st.text_input(t("upload.password"), type="password", key=f"password_{report.file}", width=360)
    if given and given != dropping.passwords().get(report.file):
        dropping.passwords()[report.file] = given
        st.rerun()


def _ask_beside(report: SheetReport, t: Translator) -> None:
    """Where rows took the place of another sheet's: whether it is an export of its own all the same."""
    said = _said(report).beside
    if not (said or any(one.is_same for one in report.again)):
        return
    answer = st.checkbox(t("upload.beside"), said, help=t("upload.beside_help"), key=f"beside_{report.file}_{report.sheet}")
    if answer != said:
        _say(report, beside=answer)


def _ask_table(report: SheetReport, t: Translator) -> None:
    options, taken_for = list(load_tables()), table_of(report)
    chosen = st.selectbox(
        t("upload.taken_for"),
        options,
        index=options.index(taken_for) if taken_for in options else None,
        format_func=lambda name: t(f"tables.{name}"),
        placeholder=t("upload.choose_table"),
        key=f"table_{report.file}_{report.sheet}_{taken_for}",
        width=360,
    )
    if chosen and chosen != taken_for:
        _say(report, table=chosen, fields={}, styles={})


def _ask(report: SheetReport, question: Question, t: Translator) -> None:
    """One question with its possible answers; a question without any is answered in the columns below."""
    st.warning(t(question.key, **in_words({"file": report.file, "sheet": report.sheet, **question.facts}, t)))
    column = _column_of(report, question)
    if not question.choices or (column is None and set(question.choices) <= set(load_tables())):
        return
    answer = st.selectbox(
        t("upload.answer"),
        question.choices,
        index=None,
        format_func=lambda choice: _choice(choice, column.samples[:3] if column else (), t),
        placeholder=t("upload.choose_reading"),
        key=f"question_{report.file}_{report.sheet}_{question.key}_{question.column_index}",
        label_visibility="collapsed",
    )
    if not answer or column is None:
        return
    said = _said(report)
    if question.wanted is not None:
        _say(report, fields={**said.fields, **dict.fromkeys(question.choices), answer: question.wanted})
    if answer in STYLES:
        _say(report, styles={**said.styles, column.header: answer})
    _say(report, fields={**said.fields, column.header: answer})


def _column_of(report: SheetReport, question: Question) -> Column | None:
    columns = report.recognition.columns if report.recognition else ()
    return next((column for column in columns if column.index == question.column_index), None)


def _choice(choice: str, samples: Sequence[str], t: Translator) -> str:
    if choice not in STYLES:
        return t.get(f"columns.{choice}", choice)
    shown = [f"{sample} → {reading(sample, choice, t)}" for sample in samples]
    return f"{t(f'choices.{choice}')}: {'; '.join(shown)}"


def _counts(report: SheetReport, t: Translator) -> None:
    lines = []
    if report.recognition is not None and report.table and report.recognition.header_row:
        score = t.percent(min(report.recognition.score, 1.0))
        lines.append(t("upload.why", row=report.recognition.header_row, score=score))
    if report.period is not None and is_ready(report):
        lines.append(t("upload.period", starts=t.day(report.period[0]), ends=t.day(report.period[1])))
    lines += [t(note.key, **in_words(note.facts, t)) for note in report.readings]
    if is_ready(report):
        counts = {"read": report.rows_read, "loaded": report.rows_loaded, "rejected": report.rows_rejected}
        lines.append(t("upload.counts", **counts) + (" " + t("upload.amount_made") if report.amount_made else ""))
        if report.amount is not None:
            lines.append(t("upload.amount_sum", amount=escape(t.money(report.amount))))
        lines += _held_against_total(report, t)
    st.caption("  \n".join([*lines, *reasons(report.reasons, t)]))


def _warnings(report: SheetReport, t: Translator) -> list[str]:
    """What a director has to know of the figures before the load, in sight without a click."""
    said = [t(note.key, **in_words(note.facts, t)) for note in report.remarks]
    if is_ready(report) and (difference := report.total_difference):
        # Kopecks are a difference too.
        shown = t.money(difference) if abs(difference) >= 1 else t.number(difference)
        said.append(t("upload.total_differs", total=escape(t.money(report.total)), difference=escape(shown)))
    return said


def _held_against_total(report: SheetReport, t: Translator) -> list[str]:
    """That the loaded sum is the file's own total, and the rows that are no data."""
    lines = []
    if report.total is not None and report.total_difference == 0:
        lines.append(t("upload.total_agrees", total=escape(t.money(report.total))))
    if groups := [row for row in report.left_out if row.kind == "group"]:
        rows = ", ".join(str(row.row_number) for row in groups[:SHOWN_ROWS]) + ("…" if len(groups) > SHOWN_ROWS else "")
        lines.append(t("upload.group_rows", count=len(groups), rows=rows))
    if report.continued:
        lines.append(t("upload.continued", count=report.continued))
    return lines


def reasons(counted: Mapping[str, int], t: Translator) -> list[str]:
    """The reasons of rejected rows in words, most frequent first."""
    ranked = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return [t("upload.reason", reason=t.value("reason", code), count=count) for code, count in ranked]


def _field_in_words(name: str, t: Translator) -> str:
    return t("upload.unmapped") if name == UNMAPPED else t.get(f"columns.{name}", name)


def _columns(report: SheetReport, t: Translator) -> None:
    """The columns as a table: header, what it became (open to change), why, samples."""
    columns = report.recognition.columns if report.recognition else ()
    fields = [UNMAPPED, *load_tables()[str(table_of(report))].columns]
    frame = pd.DataFrame(
        {
            "header": [column.header for column in columns],
            "field": [column.field if column.field in fields else UNMAPPED for column in columns],
            "why": [t.get(f"upload.evidence.{column.evidence}", column.evidence) for column in columns],
            "score": [t.percent(column.score) if column.field else "—" for column in columns],
            "samples": [" · ".join(column.samples[:3]) for column in columns],
        }
    )
    edited: pd.DataFrame = st.data_editor(
        frame,
        key=f"columns_{report.file}_{report.sheet}_{table_of(report)}",
        hide_index=True,
        disabled=["header", "why", "score", "samples"],
        row_height=tables_ui.ROW_HEIGHT,
        column_config={
            "header": TextColumn(t("upload.column_header")),
            "field": SelectboxColumn(
                t("upload.column_field"),
                options=fields,
                format_func=lambda name: t("upload.unmapped") if name == UNMAPPED else t.get(f"columns.{name}", str(name)),
                required=True,
            ),
            "why": TextColumn(t("upload.column_why")),
            "score": TextColumn(t("upload.column_score"), help=t("upload.column_score_help"), alignment="right"),
            "samples": TextColumn(t("upload.column_samples"), width="large"),
        },
    )
    pairs = zip(columns, frame["field"].tolist(), edited["field"].tolist(), strict=True)
    changed = {column.header: None if new == UNMAPPED else new for column, old, new in pairs if new != old}
    if changed:
        _say(report, table=table_of(report), fields={**_said(report).fields, **changed})


# Loading


def load(screen: Screen, uploads: Sequence[Upload], reports: Sequence[SheetReport]) -> None:
    """The mode, the date of the export and the button; after the load the page is drawn anew with its report."""
    t = screen.t
    how, when, go = st.columns([2.2, 1.4, 1], vertical_alignment="bottom")
    mode = how.selectbox(t("upload.mode"), MODES, format_func=lambda name: t(f"upload.modes.{name}"), key="mode")
    captured = when.date_input(t("upload.captured"), None, format="DD.MM.YYYY", help=t("upload.captured_help"), key="captured")
    ready = [report for report in reports if is_ready(report)]
    waiting = [report for report in reports if _open_questions(report)]
    if go.button(t("upload.load"), type="primary", disabled=not ready, width="stretch"):
        _run(screen, uploads, str(mode), captured if isinstance(captured, date) else None)
    if waiting:
        st.caption(t("upload.waiting", count=len(waiting)))


def _run(screen: Screen, uploads: Sequence[Upload], mode: str, captured_on: date | None) -> None:
    t = screen.t
    with st.status(t("upload.loading"), expanded=True) as status:
        done = imports.load(
            screen.ws,
            list(uploads),
            mode=mode,
            captured_on=captured_on,
            corrections=corrections(),
            progress=progress.bar(t),
        )
        status.update(state="complete")
    st.session_state["loaded"] = done
    dropping.forget()
    st.rerun()


def result(screen: Screen) -> None:
    """What the last load of this session did: a line per sheet, rejected rows to download, where to look next."""
    done: list[SheetReport] | None = st.session_state.get("loaded")
    if not done:
        return
    t = screen.t
    loaded = [report for report in done if report.error is None]
    if loaded:
        st.success(t("upload.done", count=len(loaded)), icon=":material/check_circle:")
    for report in done:
        if report.error is not None:
            st.error(t(report.error.key, **in_words(report.error.facts, t)), icon=":material/error:")
    tables_ui.show("loaded_sheets", _as_table(loaded, t), t, search=False, file="ritm-load")
    _rejected(screen)
    matching.hint(screen)
    colleagues.hint(screen)
    with st.container(horizontal=True):
        for name in ("review", "home", "abcd", "lifecycle", "touches", "promises"):
            screen.link(name, f"{name}.menu")


def _as_table(reports: Sequence[SheetReport], t: Translator) -> pa.Table:
    return pa.table(
        {
            "file": [report.file for report in reports],
            "sheet": [report.sheet for report in reports],
            "table_name": [report.table for report in reports],
            "rows_read": [report.rows_read for report in reports],
            "rows_loaded": [report.rows_loaded for report in reports],
            "rows_rejected": [report.rows_rejected for report in reports],
            "changes": [changing.in_words(report, t) for report in reports],
            "reasons": ["; ".join(reasons(report.reasons, t)) for report in reports],
        }
    )


def _rejected(screen: Screen) -> None:
    rejected = imports.rejects(screen.ws)
    if rejected.num_rows == 0:
        return
    with st.expander(screen.t("upload.rejected", count=rejected.num_rows), icon=":material/warning:"):
        screen.note("upload.rejected_help")
        screen.table("rejects", rejected, file="ritm-rejected")


# What was loaded before


def history(screen: Screen) -> None:
    """The imports so far, newest first, and the way back from the last one."""
    past = imports.history(screen.ws)
    if not past:
        return
    screen.heading("upload.history")
    files = [", ".join(dict.fromkeys(str(sheet["file"]) for sheet in one.files)) for one in past]
    table = pa.table(
        {
            "imported_at": [local_moment(one.imported_at) for one in past],
            "files": files,
            "rows_loaded": [int(sum(sheet["rows_loaded"] for sheet in one.files)) for one in past],
            "mode": [one.mode for one in past],
            "undone_at": [local_moment(one.undone_at) for one in past],
        }
    )
    screen.table("history", table, search=False, file="ritm-imports")
    with st.container(horizontal=True):
        _undo(screen)
        _rebuild(screen)


def _undo(screen: Screen) -> None:
    with st.popover(screen.t("upload.undo"), icon=":material/undo:"):
        screen.text("upload.undo_help")
        if st.button(screen.t("upload.undo_yes"), type="primary"):
            imports.undo(screen.ws)
            st.session_state.pop("loaded", None)
            st.rerun()


def _rebuild(screen: Screen) -> None:
    t = screen.t
    with st.popover(t("upload.rebuild"), icon=":material/construction:"):
        screen.text("upload.rebuild_help")
        password = st.text_input(t("upload.rebuild_password"), type="password", key="rebuild_password")
        if st.button(t("upload.rebuild_yes"), type="primary"):
            with st.status(t("upload.rebuilding"), expanded=True):
                count = rebuild(screen.ws, password or None, progress=progress.bar(t))
            st.success(t("upload.rebuilt", count=count), icon=":material/check_circle:")

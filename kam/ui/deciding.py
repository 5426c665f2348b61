"""The forms of a review: a decision (what, who, by when), what became of one, a line set aside. One is open at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import streamlit as st

from kam.errors import KamError
from kam.minutes import Decision, Minutes
from kam.review import Line
from kam.review import minutes_of as minutes_of_workspace
from kam.ui.failures import guarded
from kam.ui.frame import Screen
from kam.ui.text import escape, escape_facts

OPEN = "review_form"
STEP_ICONS = {"done": ":material/check:", "not_done": ":material/close:", "moved": ":material/event_repeat:"}


def toggle(form: str) -> None:
    """Opens a form by its name and closes the one that was open; asked again it closes."""
    st.session_state[OPEN] = None if st.session_state.get(OPEN) == form else form


def is_open(form: str) -> bool:
    return bool(st.session_state.get(OPEN) == form)


def opener(screen: Screen, form: str, label: str, icon: str) -> None:
    """The button that opens a form."""
    st.button(
        screen.t(label),
        key=f"open_{form}",
        icon=icon,
        type="primary" if is_open(form) else "secondary",
        on_click=guarded(toggle),
        args=(form,),
    )


def minutes_of(screen: Screen) -> Minutes:
    return minutes_of_workspace(screen.ws)


def _keep(screen: Screen, keep: Callable[[], Any], said: str) -> None:
    """Keeps what was typed, says so and draws the page anew; a mistake is said under the form, which stays as typed."""
    try:
        keep()
    except KamError as error:
        st.error(screen.t(error.key, **escape_facts(dict(error.facts))), icon=":material/error:")
        return
    st.session_state[OPEN] = None
    st.toast(screen.t(said), icon=":material/check:")
    st.rerun()


def people(screen: Screen, first: str | None) -> list[str]:
    """Who may be named: the one that answers for the line, then the managers of the data; any other can be typed."""
    values = screen.fetch("marts.filter_values", manager=None)
    managers = [row["value"] for row in values.to_pylist() if row["dimension"] == "manager"]
    return list(dict.fromkeys([*([first] if first else []), *managers]))


def _fields(screen: Screen, form: str, names: Sequence[str], what: str, who: str | None, day: date) -> tuple[str, str, date | None]:
    t = screen.t
    left, middle, right = st.columns([3, 1.6, 1], gap="small")
    said = left.text_input(t("review.what"), what, key=f"what_{form}", placeholder=t("review.what_hint"), max_chars=500)
    chosen = middle.selectbox(
        t("review.who"), names, index=names.index(who) if who in names else None, key=f"who_{form}",
        accept_new_options=True, placeholder=t("review.who_hint"),
    )  # fmt: skip
    value = right.date_input(t("review.by"), day, key=f"by_{form}", format="DD.MM.YYYY")
    return said or "", chosen or "", value if isinstance(value, date) else None


def decision(screen: Screen, form: str, as_of: date, line: Line | None = None, known: Decision | None = None) -> None:
    """The form of a decision: a new one about a line or about nothing in particular, or one to be put otherwise."""
    owner = known.who if known else line.owner if line else None
    due = known.original_due_on if known else as_of + timedelta(days=int(screen.norm("report_days")))
    with st.form(f"form_{form}", enter_to_submit=True):
        what, who, day = _fields(screen, form, people(screen, owner), known.what if known else "", owner, due)
        is_sent = st.form_submit_button(screen.t("review.keep"), type="primary")
    if not is_sent or day is None:
        return
    minutes = minutes_of(screen)
    if known:
        _keep(screen, lambda: minutes.rewrite(known.number, what, who, day), "review.kept")
        return
    about = {"client_id": line.client_id, "client_name": line.client_name, "item_id": next(iter(line.items), None)} if line else {}
    manager = screen.filters.get("manager")
    _keep(screen, lambda: minutes.decide(what, who, day, made_on=as_of, manager=manager, **about), "review.kept")


def aside(screen: Screen, form: str, as_of: date, line: Line) -> None:
    """The form that sets a line aside until a day, with a reason."""
    t = screen.t
    with st.form(f"form_{form}", enter_to_submit=True):
        left, right = st.columns([3, 1], gap="small")
        reason = left.text_input(t("review.aside_reason"), key=f"reason_{form}", placeholder=t("review.aside_hint"), max_chars=300)
        week = as_of + timedelta(days=int(screen.norm("report_days")))
        until = right.date_input(t("review.aside_until"), week, key=f"until_{form}", format="DD.MM.YYYY")
        is_sent = st.form_submit_button(t("review.aside"), type="primary")
    if is_sent and isinstance(until, date):
        _keep(screen, lambda: minutes_of(screen).set_aside(line.items, as_of, until, reason or ""), "review.kept_aside")


def asked(screen: Screen, one: Decision, as_of: date, is_closed: bool) -> None:
    """A decision of an earlier review: what it was, what became of it, and the buttons that say so."""
    with st.container(horizontal=True, vertical_alignment="center", key=f"asked_{one.number}"):
        st.markdown(told(screen, one, as_of), width="content")
        if is_closed or not minutes_of(screen).may_settle(one):
            return
        if one.is_settled or (one.status == "moved" and one.steps[-1].review is None):
            if st.button(screen.t("review.unstep"), key=f"unstep_{one.number}", type="tertiary", icon=":material/undo:"):
                _keep(screen, lambda: minutes_of(screen).unstep(one.number), "review.unstepped")
            return
        for status, icon in STEP_ICONS.items():
            opener(screen, f"{status}_{one.number}", f"review.steps.{status}", icon)
    for status in STEP_ICONS:
        if is_open(f"{status}_{one.number}"):
            _step(screen, one, status, as_of)


def told(screen: Screen, one: Decision, as_of: date) -> str:
    """A decision in a line of markdown: what, who, by when; how it stands, how often it was moved, what was said."""
    t = screen.t
    state = one.state(as_of)
    parts = [t("review.told", what=escape(one.what), who=escape(one.who), due=one.due_on)]
    late = one.days_overdue(as_of)
    parts.append(t(f"values.decision_state.{state}") + (f" ({escape(t.days(late))})" if late else ""))
    if one.moves:
        parts.append(t("review.moved", count=len(one.moves), original=one.original_due_on))
    if one.silent_move_count:
        parts.append(t("review.moved_silently", count=one.silent_move_count))
    if not one.is_settled and (len(one.moves) >= screen.norm("escalate_moves") or late > screen.norm("escalate_days")):
        parts.append(t("review.escalate"))
    if one.steps and one.steps[-1].reason:
        parts.append(escape(one.steps[-1].reason))
    return " · ".join(parts)


def _step(screen: Screen, one: Decision, status: str, as_of: date) -> None:
    t, form = screen.t, f"{status}_{one.number}"
    with st.form(f"form_{form}", enter_to_submit=True):
        left, right = st.columns([3, 1], gap="small")
        reason = left.text_input(t(f"review.step_reason.{status}"), key=f"reason_{form}", max_chars=300)
        day: Any = None
        if status == "done":
            day = right.date_input(t("review.done_on"), as_of, max_value=as_of, key=f"day_{form}", format="DD.MM.YYYY")
        elif status == "moved":
            later = max(as_of, one.due_on) + timedelta(days=int(screen.norm("report_days")))
            day = right.date_input(t("review.new_due"), later, key=f"day_{form}", format="DD.MM.YYYY")
        is_sent = st.form_submit_button(t("review.keep"), type="primary")
    if is_sent:
        _keep(screen, lambda: minutes_of(screen).step(one.number, status, as_of, day, reason or ""), "review.kept")


def written(screen: Screen, one: Decision) -> None:
    """A decision as it was made, in one line."""
    told = screen.t("review.told", what=escape(one.what), who=escape(one.who), due=one.original_due_on)
    st.markdown(f":material/task_alt: {told}", width="content")


def made(screen: Screen, one: Decision, as_of: date, is_closed: bool) -> None:
    """A decision of this review, to be put otherwise or taken back while it is open."""
    form = f"rewrite_{one.number}"
    with st.container(horizontal=True, vertical_alignment="center", key=f"made_{one.number}"):
        written(screen, one)
        if is_closed or not minutes_of(screen).may_rewrite(one):
            return
        opener(screen, form, "review.rewrite", ":material/edit:")
        if st.button(screen.t("review.drop"), key=f"drop_{one.number}", type="tertiary", icon=":material/delete:"):
            _keep(screen, lambda: minutes_of(screen).drop(one.number), "review.dropped")
    if is_open(form):
        decision(screen, form, as_of, known=one)

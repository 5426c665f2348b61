"""What the weekly review's screen is made of: its head, figures beside the last ones, sections of lines, decisions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import streamlit as st

from kam import headline
from kam import review as reviews
from kam.errors import KamError
from kam.minutes import Held
from kam.review import Line, Reason, Review, Section
from kam.ui import deciding, filters, menu, papers, raising, tables
from kam.ui.evidence import Evidence
from kam.ui.figures import Figure
from kam.ui.frame import Screen
from kam.ui.text import escape, escape_facts

FIRST_LINES, MORE_LINES = 5, 20
SCROLLED, SCROLLED_FROM = 400, 10
NARROWING = ("segment", "region", "class")
DECISION_COLUMNS = (
    "decision", "who", "client_name", "due_on", "decision_state", "days_overdue", "original_due_on", "move_count",
    "silent_move_count", "done_on", "told", "review_on",
)  # fmt: skip
LINE_COLUMNS = ("section", "client_name", "money", "why", "owner", "class", "decision")
# How the parts of a figure are called by its kind: the ending says how they are written.
SHOWN = {"money": "money", "count": "count", "percent": "points"}
CHANGE_COLUMNS = ("client_name", *(f"{side}_{kind}" for kind in SHOWN.values() for side in ("before", "now", "difference")))
PART_COLUMNS = ("client_name", "adds_money", "adds_count", "of_count")


# Which review


def offered() -> tuple[str, ...]:
    """The filters of the page: a closed review is what it was, nothing filters it."""
    return () if st.query_params.get("review") else filters.FILTERS


def chosen(screen: Screen) -> Review:
    """The closed review that the address names, else the one that is open."""
    number = st.query_params.get("review")
    if not number:
        return opened(screen)
    held = [one for one in deciding.minutes_of(screen).reviews() if str(one.number) == number]
    if not held:
        raise KamError("errors.review_unknown", number=number)
    return _closed(screen.ws.key, screen.ws.dataset_id, held[0], screen)


@st.cache_resource(show_spinner=False, max_entries=8)
def _closed(key: str, dataset_id: str | None, held: Held, _screen: Screen) -> Review:
    # A closed review never changes; whose clients are whose may, with the data.
    return reviews.closed_review(deciding.minutes_of(_screen), held)


def opened(screen: Screen) -> Review:
    """The open review of the screen's date and filters."""
    ws = screen.ws
    view = (ws.key, ws.dataset_id, ws.journal.version, screen.as_of, tuple(sorted(screen.filters.items())))
    return _opened(view, deciding.minutes_of(screen).version, screen)


@st.cache_resource(show_spinner=False, max_entries=8)
def _gathered(view: tuple[Any, ...], _screen: Screen) -> reviews.Gathered:
    return reviews.gather(_screen.fetch, _screen.as_of or date.min, dict(_screen.filters), _screen.tables)


@st.cache_resource(show_spinner=False, max_entries=8)
def _compared(view: tuple[Any, ...], before: Held, _screen: Screen) -> tuple[headline.Figure, ...]:
    return reviews.beside(_gathered(view, _screen), deciding.minutes_of(_screen), before)


@st.cache_resource(show_spinner=False, max_entries=8)
def _opened(view: tuple[Any, ...], version: int, _screen: Screen) -> Review:
    # A decision typed moves the version alone: neither the marts nor the figures are asked for again.
    data = _gathered(view, _screen)
    return reviews.open_review(data, deciding.minutes_of(_screen), lambda _, before: _compared(view, before, _screen))


# The head


def dress() -> None:
    """The look of the lines."""
    st.html(Path(__file__).with_name("review.css"))


def head(screen: Screen, shown: Review) -> None:
    """What is shown, on which data, against what; past reviews, the meeting, the closing."""
    dress()
    with st.container(horizontal=True, vertical_alignment="center", key="review_head"):
        st.markdown(_standing(screen, shown), width="stretch")
        _past(screen)
        papers.offer(screen, shown)
        if shown.held:
            screen.link("review", "review.back")
            return
        if st.button(screen.t("review.meeting"), icon=":material/co_present:", key="start_meeting"):
            st.query_params["meeting"] = "figures"
            st.rerun()
        closing(screen, shown)


def _standing(screen: Screen, shown: Review) -> str:
    t = screen.t
    whose = escape(shown.manager) if shown.manager else t("review.everybody")
    if shown.held:
        return t("review.closed", day=shown.held.held_on, as_of=shown.as_of, whose=whose)
    what = extent(screen, shown.line_count, shown.money)
    against = t("review.against", day=shown.previous.held_on) if shown.previous else t("review.no_before")
    return t("review.open", whose=whose, what=what, against=against)


def _past(screen: Screen) -> None:
    t, held = screen.t, deciding.minutes_of(screen).reviews()
    popover = st.popover(t("review.past", count=len(held)), icon=":material/history:", disabled=not held)
    with popover, st.container(height=SCROLLED if len(held) > SCROLLED_FROM else "content"):
        for one in held:
            label = t("review.past_one", day=one.held_on, as_of=one.as_of, whose=one.manager or t("review.everybody"))
            menu.link("review", t, {**screen.query, "review": str(one.number)}, escape(label))


def closing(screen: Screen, shown: Review) -> None:
    """The popover that closes the review: what is frozen, on which day it was held, and the button."""
    t = screen.t
    if not deciding.minutes_of(screen).may_change:
        return
    with st.popover(t("review.close"), icon=":material/lock:", type="primary"):
        if any(name in screen.filters for name in NARROWING):
            screen.text("review.close_narrowed")
            return
        unsettled = sum(not one.steps for line in shown.section("decisions").lines for one in line.asked)
        screen.text("review.close_help", lines=shown.line_count, decisions=len(shown.decisions), unsettled=unsettled)
        day = st.date_input(t("review.held_on"), key="held_on", format="DD.MM.YYYY")
        if st.button(t("review.close_yes"), type="primary", key="close_review") and isinstance(day, date):
            _close(screen, shown, day)


def _close(screen: Screen, shown: Review, day: date) -> None:
    try:
        number = reviews.close(deciding.minutes_of(screen), raising.answered(screen, shown), day)
    except KamError as error:
        st.error(screen.t(error.key, **escape_facts(dict(error.facts))))
        return
    st.query_params.pop("meeting", None)
    st.query_params["review"] = str(number)
    st.rerun()


# Figures


def figures(screen: Screen, shown: Review) -> list[Figure]:
    """The headline figures, each with the last review's value and the difference, and behind it the clients that made it."""
    return [_figure(screen, shown, one) for one in shown.figures]


def _figure(screen: Screen, shown: Review, one: headline.Figure) -> Figure:
    name = f"review.figures.{one.name}"
    if one.value is None:
        return Figure(name, None, note=f"review.unknown.{one.name}")
    if one.difference is None:
        note = "review.was_unknown" if shown.previous else None
        return Figure(name, one.value, one.kind, _evidence_of_value(screen, one), note)
    before, difference = _written(screen, one.kind, one.before), _difference(screen, one)
    behind = _evidence_of_difference(screen, one, difference) if one.changes else _evidence_of_value(screen, one)
    return Figure(name, one.value, one.kind, behind, "review.was", (("before", before), ("difference", difference)))


def _evidence_of_difference(screen: Screen, one: headline.Figure, difference: str) -> Evidence:
    """The clients that made the difference."""
    facts = {"before": _written(screen, one.kind, one.before, 1), "now": _written(screen, one.kind, one.value, 1)}
    facts |= {"difference": difference, "count": screen.t.number(len(one.changes))}
    title = screen.t(f"review.figures.{one.name}")
    return Evidence(title, "review.evidence.difference", facts, lambda: _changes(screen, one), CHANGE_COLUMNS)


def _evidence_of_value(screen: Screen, one: headline.Figure) -> Evidence:
    """The clients that the figure is made of."""
    facts = {"now": _written(screen, one.kind, one.value, 1), "count": screen.t.number(len(one.parts))}
    title = screen.t(f"review.figures.{one.name}")
    rule = "review.evidence.share" if one.kind == "percent" else "review.evidence.value"
    return Evidence(title, rule, facts, lambda: _parts(screen, one), PART_COLUMNS)


def _written(screen: Screen, kind: str, value: float | None, decimals: int = 0) -> str:
    t = screen.t
    return t.money_short(value) if kind == "money" else t.percent(value, decimals) if kind == "percent" else t.number(value, 0)


def _difference(screen: Screen, one: headline.Figure) -> str:
    """The difference with its sign; of two shares in percentage points."""
    value, t = one.difference or 0, screen.t
    if one.kind == "percent":
        text = t("review.points", value=t.number(round(value * 100, 1)))
    else:
        text = t.money_short(value) if one.kind == "money" else t.number(value, 0)
    return f"+{text}" if value > 0 else text


def _changes(screen: Screen, one: headline.Figure) -> pa.Table:
    """The clients that made a difference. Of a share the difference is in percentage points, and adds up all the same."""
    rows = one.changes
    sides: dict[str, list[Decimal | None]] = {
        "before": [row.before for row in rows],
        "now": [row.now for row in rows],
        "difference": [Decimal(row.difference) for row in rows],
    }
    columns = {f"{side}_{SHOWN[one.kind]}": _numbers(values, one.kind) for side, values in sides.items()}
    return pa.table(_named(screen, [(row.client_id, row.client_name) for row in rows]) | columns)


def _parts(screen: Screen, one: headline.Figure) -> pa.Table:
    """The clients that a figure is made of, the most first; of a share how many counted, of how many."""
    rows = sorted(one.parts.items(), key=lambda part: (-part[1].amount, -part[1].of, part[1].client_name))
    kind = "money" if one.kind == "money" else "count"
    columns = {f"adds_{kind}": _numbers([part.amount for _, part in rows], kind)}
    if one.kind == "percent":
        columns["of_count"] = pa.array([part.of for _, part in rows], pa.int64())
    return pa.table(_named(screen, [(key, part.client_name) for key, part in rows]) | columns)


def _named(screen: Screen, clients: Sequence[tuple[str, str]]) -> dict[str, pa.Array]:
    nobody = screen.t("review.no_client")
    return {
        "client_id": pa.array([key for key, _ in clients], pa.string()),
        "client_name": pa.array([name or nobody for _, name in clients], pa.string()),
    }


def _numbers(values: Sequence[Decimal | None], kind: str) -> pa.Array:
    """Parts as they are shown: money and shares with their fractions, shares in percent, counts whole."""
    if kind == "count":
        return pa.array([None if value is None else int(value) for value in values], pa.int64())
    factor = 100 if kind == "percent" else 1
    return pa.array([None if value is None else float(value) * factor for value in values], pa.float64())


# Sections and lines


def agenda(screen: Screen, shown: Review) -> None:
    """The sections in the order of the review, those that have a line."""
    for section in shown.sections:
        if section.lines:
            _section(screen, shown, section)


def silent(screen: Screen, shown: Review) -> None:
    """The sections without a line: where there is nothing to say, and where nothing is known."""
    empty = [section.name for section in shown.sections if not section.lines]
    for table in (None, *shown.missing):
        names = [screen.t(f"agenda.sections.{name}") for name in empty if shown.missing_of(name) == table]
        if names and table:
            screen.note("review.unknown_sections", table=screen.t(f"tables.{table}"), sections=", ".join(names))
        elif names:
            screen.note("review.empty_sections", sections=", ".join(names))


def _section(screen: Screen, shown: Review, section: Section) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key=f"section_{section.name}"):
        st.subheader(title(screen, shown, section.name), anchor=False, width="content")
        st.caption(totals(screen, section), width="content")
    if section.name == "touches_owed":
        st.caption(owners(screen, section))
    lines(screen, shown, section)


def title(screen: Screen, shown: Review, name: str) -> str:
    """A section's number and name."""
    return f"{reviews.place_of(name)}\\. {screen.t(f'agenda.sections.{name}')}"


def totals(screen: Screen, section: Section) -> str:
    """How many lines a section has, and what is at stake."""
    return extent(screen, len(section.lines), section.money)


def extent(screen: Screen, count: int, money: Decimal) -> str:
    """So many lines, so much at stake, as markdown."""
    return screen.t("review.section_total", count=count, money=escape(screen.t.money_short(money)))


def owners(screen: Screen, section: Section) -> str:
    """A section by the people that answer for it."""
    t = screen.t
    parts = (
        t("review.by_owner", owner=escape(owner or t("review.nobody")), count=count, money=escape(t.money_short(money)))
        for owner, count, money in section.by_owner()
    )
    return " · ".join(parts)


def contents(screen: Screen, shown: Review) -> None:
    """The sections that have lines, with how many and what is at stake: what the meeting has before it."""
    parts = [f"{title(screen, shown, one.name)}: {totals(screen, one)}" for one in shown.sections if one.lines]
    st.markdown("\n".join(f"- {part}" for part in parts) or screen.t("review.nothing"))


def lines(screen: Screen, shown: Review, section: Section) -> None:
    """The first lines of a section and the button that shows more; the table under the agenda has them all."""
    key = f"lines_{section.name}"
    count = st.session_state.get(key, FIRST_LINES)
    for place, one in enumerate(section.lines[:count]):
        line(screen, shown, one, f"{section.name}_{place}")
    left = section.lines[count:]
    if left:
        label = screen.t("review.more", count=len(left), money=escape(screen.t.money_short(Section(section.name, left).money)))
        if st.button(label, key=f"more_{section.name}", type="tertiary", icon=":material/expand_more:"):
            st.session_state[key] = count + MORE_LINES
            st.rerun()


def line(screen: Screen, shown: Review, one: Line, place: str) -> None:
    """A line: client, money, the sentences why with their rows, owner, decisions, the forms."""
    is_closed = shown.held is not None
    form = one.item_id
    with st.container(key=f"line_{place}", gap=None):
        left, middle, right = st.columns([6, 1.3, 2.2], vertical_alignment="center")
        with left:
            _client(screen, one)
        middle.markdown(f"**{escape(screen.t.money(one.money))}**", text_alignment="right")
        for decision in one.asked:
            deciding.asked(screen, decision, shown.as_of, is_closed)
        for number, reason in enumerate(one.reasons):
            _reason(screen, shown, one, reason, f"{place}_{number}")
        for decision in one.made:
            deciding.made(screen, decision, shown.as_of, is_closed)
        if is_closed:
            return
        with right, st.container(horizontal=True, horizontal_alignment="right"):
            _openers(screen, one)
        if deciding.is_open(f"decide_{form}"):
            deciding.decision(screen, f"decide_{form}", shown.as_of, one)
        if deciding.is_open(f"aside_{form}"):
            deciding.aside(screen, f"aside_{form}", shown.as_of, one)


def _openers(screen: Screen, one: Line) -> None:
    """The buttons of a line that whoever looks may use."""
    minutes = deciding.minutes_of(screen)
    if minutes.may_decide(one.client_id):
        deciding.opener(screen, f"decide_{one.item_id}", "review.decide", ":material/add_task:")
    if one.reasons and minutes.may_change:
        deciding.opener(screen, f"aside_{one.item_id}", "review.aside", ":material/snooze:")


def _client(screen: Screen, one: Line) -> None:
    t = screen.t
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if one.client_id is not None and one.class_ is not None:
            menu.link("client", t, {**screen.query, "client": one.client_id}, f"**{escape(one.client_name)}**")
        else:
            st.markdown(f"**{escape(one.client_name or t('review.no_client'))}**", width="content")
        marks = [one.class_, t("review.key") if one.is_key else None, one.owner]
        st.caption(" · ".join(escape(mark) for mark in marks if mark), width="content")


def _reason(screen: Screen, shown: Review, one: Line, reason: Reason, place: str) -> None:
    """A sentence, before it the button that opens its rows; those of other sections in small type."""
    why = reviews.sentence(reason, screen.t, escape)
    with st.container(horizontal=True, vertical_alignment="top", wrap=False, gap="small", key=f"reason_{place}"):
        if reason.source and st.button(
            "", key=f"why_{place}", type="tertiary", icon=":material/search_insights:", help=screen.t("evidence.button")
        ):
            screen.open(evidence(screen, shown, one, reason))
        write = st.markdown if reason.section == one.section else st.caption
        write(why)


def evidence(screen: Screen, shown: Review, one: Line, reason: Reason) -> Evidence:
    """The rows behind a reason, as of the review's date; of a closed review as they are loaded now, and it says so."""
    source = reason.source
    facts = {"why": reviews.sentence(reason, screen.t)}
    rule = "review.evidence.line_closed" if shown.held else "review.evidence.line"
    if source is None:
        return Evidence(one.client_name or "", rule, facts)
    params = {name: reviews.day_or_text(value) for name, value in source.params.items()}
    everybody = dict.fromkeys(filters.FILTERS)
    return Evidence(
        one.client_name or one.item_id,
        rule,
        facts,
        lambda: screen.fetch(source.mart, as_of=shown.as_of, **{**everybody, **params}),
        None,
        one.client_id,
    )


def whole(screen: Screen, shown: Review) -> None:
    """All lines as one table to search and sort; made when it is opened, for there may be many."""
    if not shown.line_count:
        return
    label = screen.t("review.whole_agenda", count=shown.line_count)
    place = st.expander(label, icon=":material/table_rows:", key="whole", on_change="rerun")
    if place.open:
        with place:
            table = reviews.lines_table(shown, screen.t)
            screen.table("agenda", table, columns=LINE_COLUMNS, totals=("money",), opens_client=True, file=screen.t("review.title"))


# Set aside, decisions


def set_aside(screen: Screen, shown: Review) -> None:
    """The lines that are set aside, until when and why, with the way back."""
    if not shown.set_aside:
        return
    with st.expander(screen.t("review.asides", count=len(shown.set_aside)), icon=":material/snooze:"):
        for number, one in enumerate(shown.set_aside):
            with st.container(horizontal=True, vertical_alignment="center"):
                _client(screen, one)
                if one.aside:
                    why = screen.t("review.aside_why", until=one.aside.until, reason=escape(one.aside.reason))
                    st.markdown(why, width="content")
                may_bring = not shown.held and deciding.minutes_of(screen).may_change
                if may_bring and st.button(screen.t("review.bring_back"), key=f"back_{number}", type="tertiary"):
                    deciding.minutes_of(screen).bring_back(one.items)
                    st.rerun()


def decided(screen: Screen, shown: Review) -> None:
    """The decisions of this review, a field for one about no client, and the list of all."""
    screen.heading("review.decisions")
    for one in shown.decisions:
        about = f"**{escape(one.client_name)}** " if one.client_name else ""
        with st.container(gap="xsmall", key=f"list_{one.number}"):
            if about:
                st.caption(about)
            deciding.written(screen, one)
    if not shown.decisions:
        screen.note("review.no_decisions")
    if not shown.held and deciding.minutes_of(screen).may_decide(None):
        deciding.opener(screen, "decide_general", "review.decide_general", ":material/add_task:")
        if deciding.is_open("decide_general"):
            deciding.decision(screen, "decide_general", shown.as_of)


def every_decision(screen: Screen) -> None:
    """The list of all decisions with what became of each, as a table and as files."""
    minutes = deciding.minutes_of(screen)
    table = reviews.decisions_table(minutes.decisions(), minutes.reviews(of_all=True), screen.as_of or date.min)
    if not table.num_rows:
        return
    with st.expander(screen.t("review.every_decision", count=table.num_rows), icon=":material/checklist:"):
        screen.table("decisions", table, columns=DECISION_COLUMNS, file=screen.t("review.decisions_file"))
        tables.csv_download("decisions_csv", table.select(DECISION_COLUMNS), screen.t, screen.t("review.decisions_file"))

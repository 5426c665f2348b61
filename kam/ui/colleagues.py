"""The widgets of the second tab of name matches: spellings of our people, called one person or two, and everybody as counted now.

Which names are near is said by checks.near_people, what an answer does by kam.people; here is only what is seen and clicked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import streamlit as st

from kam import people
from kam.merges import joined
from kam.ui import matching
from kam.ui.failures import guarded
from kam.ui.frame import Screen
from kam.ui.moments import local_moment
from kam.ui.text import escape

ANSWER_COLUMNS = ("merged", "stays", "answer_state", "counted_as", "changed_at")
PEOPLE_COLUMNS = ("person", "is_dismissed", "client_count", "order_count", "touch_count", "promise_count", "name_forms")

Row = dict[str, Any]
Known = Mapping[str, Row]


def pairs(screen: Screen) -> list[Row]:
    """The pairs still to be answered. Names are compared once a dataset: an answer changes no name."""
    ws = screen.ws
    near: tuple[str | None, pa.Table] | None = st.session_state.get("near_people")
    if near is None or near[0] != ws.dataset_id:
        near = (ws.dataset_id, ws.fetch("checks.near_people"))
        st.session_state["near_people"] = near
    undecided: list[Row] = people.undecided(ws, near[1]).to_pylist()
    return undecided


def show(screen: Screen) -> None:
    """The whole tab."""
    table = screen.fetch("marts.people_list")
    if not table.num_rows:
        st.info(screen.t("matches.people.nobody"), icon=":material/person_off:")
        return
    known = {row["person"]: row for row in table.to_pylist()}
    _proposed(screen, known)
    _by_hand(screen, known)
    _kept(screen)
    _told_apart(screen)
    screen.heading("matches.people.everybody", count=len(known))
    screen.note("matches.people.everybody_note")
    screen.table("people", table, columns=PEOPLE_COLUMNS)


def _proposed(screen: Screen, known: Known) -> None:
    found = pairs(screen)
    if not found:
        st.success(screen.t("matches.people.none"), icon=":material/check_circle:")
        return
    screen.text("matches.people.found", count=len(found))
    shown = matching.page_of(screen, found, "people_page")
    _several(screen, shown)
    for row in shown:
        _card(screen, row, known)


def _key(what: str, row: Row) -> str:
    return f"person_{what}_{row['pair']}"


def _several(screen: Screen, shown: Sequence[Row]) -> None:
    """What is done with all the pairs that are ticked."""
    t = screen.t
    ticked = [row for row in shown if st.session_state.get(_key("tick", row))]
    with st.container(horizontal=True, vertical_alignment="center"):
        icon = ":material/select_check_box:"
        st.button(t("matches.tick_all"), key="people_tick", on_click=guarded(_tick), args=(shown,), type="tertiary", icon=icon)
        one = st.button(t("matches.people.one_ticked", count=len(ticked)), type="primary", disabled=not ticked)
        two = st.button(t("matches.people.two_ticked", count=len(ticked)), disabled=not ticked)
    if one:
        _join(screen, [_as_pair(row, st.session_state.get(_key("stays", row))) for row in ticked])
    if two:
        _tell_apart(screen, ticked)


def _tick(shown: Sequence[Row]) -> None:
    for row in shown:
        st.session_state[_key("tick", row)] = True


def _as_pair(row: Row, stays: str | None) -> tuple[str, str]:
    """(the name that goes, the name that stays)."""
    both = (str(row["person"]), str(row["other_person"]))
    return both if stays == both[1] else (both[1], both[0])


def _card(screen: Screen, row: Row, known: Known) -> None:
    t = screen.t
    names = [str(row["person"]), str(row["other_person"])]
    with st.container(border=True):
        facts, answers = st.columns([5, 1.3], vertical_alignment="center")
        with facts:
            difference = t("matches.people.difference", difference=t.value("difference", row["difference"]))
            st.checkbox(difference, key=_key("tick", row))
            stays = st.radio(
                t("matches.stays"),
                names,
                format_func=escape,
                captions=[_facts(screen, known[name]) for name in names],
                key=_key("stays", row),
            )
        with answers:
            one = st.button(t("matches.people.one"), key=_key("one", row), type="primary", width="stretch")
            two = st.button(t("matches.people.two"), key=_key("two", row), width="stretch")
    if one:
        _join(screen, [_as_pair(row, stays)])
    if two:
        _tell_apart(screen, [row])


def _facts(screen: Screen, row: Row) -> str:
    """What stands under a name, in a line."""
    t = screen.t
    parts = [
        t(
            "matches.people.counts",
            clients=row["client_count"],
            orders=row["order_count"],
            touches=row["touch_count"],
            promises=row["promise_count"],
        ),
        t("matches.people.dismissed") if row["is_dismissed"] else "",
        t("matches.people.forms", forms=escape(row["name_forms"])) if row["name_forms"] else "",
    ]
    return " · ".join(part for part in parts if part)


def _join(screen: Screen, chosen: Sequence[tuple[str, str]]) -> None:
    people.keep(screen.ws, joined(chosen))
    matching.build(screen)
    matching.again(screen.t("matches.merged", count=len(chosen)))


def _tell_apart(screen: Screen, rows: Sequence[Row]) -> None:
    for row in rows:
        screen.ws.journal.set_distinct_people(row["pair"], f"{row['person']} ≠ {row['other_person']}")
    matching.again(screen.t("matches.told_apart", count=len(rows)))


def _by_hand(screen: Screen, known: Known) -> None:
    """Two names that do not look alike: a surname changed, a login."""
    t = screen.t
    screen.heading("matches.people.by_hand")
    screen.note("matches.people.by_hand_note")
    goes_place, stays_place, go = st.columns([3, 3, 1.3], vertical_alignment="bottom")
    goes, stays = (
        place.selectbox(
            t(f"matches.hand_{side}"), list(known), index=None, placeholder=t("matches.people.choose"), key=f"person_hand_{side}"
        )
        for place, side in ((goes_place, "goes"), (stays_place, "stays"))
    )
    is_ready = bool(goes and stays and goes != stays)
    if go.button(t("matches.people.one"), key="person_by_hand", disabled=not is_ready, width="stretch") and goes and stays:
        _join(screen, [(goes, stays)])


def _kept(screen: Screen) -> None:
    """The answers kept, with what became of each, and the way back."""
    made = people.kept(screen.ws)
    if not made:
        return
    screen.heading("matches.made", count=len(made))
    table = pa.table(
        {
            "merged": [answer.merged for answer in made],
            "stays": [answer.stays for answer in made],
            "answer_state": [answer.state for answer in made],
            "counted_as": [answer.person for answer in made],
            "changed_at": [local_moment(answer.changed_at) for answer in made],
        }
    )
    at = matching.selected(screen, "people", table, ANSWER_COLUMNS, "matches.people.undo_hint")
    if at is not None:
        name = made[at].merged
        matching.undo(screen, "matches.people.undo", name, lambda: people.take_back(screen.ws, name))


def _told_apart(screen: Screen) -> None:
    """The pairs called two people, and the way back to having them proposed."""
    journal = screen.ws.journal
    matching.answered_apart(screen, "people_apart", journal.answers("distinct_person"), journal.set_distinct_people)


def hint(screen: Screen) -> None:
    """Says, after a load, that there are names to look at; nothing where there are none."""
    count = len(pairs(screen)) if screen.ws.dataset_id else 0
    if count:
        st.info(screen.t("matches.people.hint", count=count), icon=":material/group:")
        screen.link("matches", "matches.menu")

"""The widgets of the page of name matches: pairs proposed, two clients chosen by hand, merges made and taken back.

Which names are near is said by checks.near_clients, what an answer does by kam.merges; here is only what is seen and clicked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from typing import Any

import pyarrow as pa
import streamlit as st

from kam import merges
from kam.i18n import Translator
from kam.journal import Change
from kam.ui import progress
from kam.ui import tables as tables_ui
from kam.ui.failures import guarded
from kam.ui.frame import Screen
from kam.ui.moments import local_moment
from kam.ui.text import escape

PAGE = 10
OFFERED = 1000  # clients in a list of choice; a search narrows it
MERGE_COLUMNS = ("merged", "stays", "merge_state", "counted_as", "changed_at")
APART_COLUMNS = ("names", "changed_at")

Row = dict[str, Any]
Pair = tuple[str, str]


# Pairs proposed


def show(screen: Screen) -> None:
    """The whole tab of clients."""
    proposed(screen)
    by_hand(screen)
    kept(screen)
    told_apart(screen)


def pairs(screen: Screen) -> list[Row]:
    """The pairs still to be answered. Names are compared once a dataset: an answer changes no name."""
    ws = screen.ws
    near: tuple[str | None, pa.Table] | None = st.session_state.get("near_clients")
    if near is None or near[0] != ws.dataset_id:
        with st.spinner(screen.t("matches.comparing")):
            near = (ws.dataset_id, ws.fetch("checks.near_clients"))
        st.session_state["near_clients"] = near
    undecided: list[Row] = merges.undecided(ws, near[1]).to_pylist()
    return undecided


def proposed(screen: Screen) -> None:
    """The pairs, ten a page: which stays, one client or two; several at once."""
    found = pairs(screen)
    if not found:
        st.success(screen.t("matches.none"), icon=":material/check_circle:")
        return
    screen.text("matches.found", count=len(found))
    shown = page_of(screen, found, "matches_page")
    _several(screen, shown)
    for row in shown:
        _card(screen, row)


def page_of(screen: Screen, found: Sequence[Row], key: str) -> Sequence[Row]:
    """The pairs of the page that the reader turned to."""
    if len(found) <= PAGE:
        return found
    pages = -(-len(found) // PAGE)
    left, right = st.columns([5, 1], vertical_alignment="center")
    page = int(right.number_input(screen.t("table.page"), 1, pages, 1, key=key, label_visibility="collapsed"))
    part = found[(page - 1) * PAGE : page * PAGE]
    first = (page - 1) * PAGE + 1
    left.caption(screen.t("matches.page", first=first, last=first + len(part) - 1, total=len(found), page=page, pages=pages))
    return part


def _several(screen: Screen, shown: Sequence[Row]) -> None:
    """What is done with all the pairs that are ticked."""
    t = screen.t
    ticked = [row for row in shown if st.session_state.get(_key("tick", row))]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(t("matches.tick_all"), on_click=guarded(_tick), args=(shown,), type="tertiary", icon=":material/select_check_box:")
        one = st.button(t("matches.merge_ticked", count=len(ticked)), type="primary", disabled=not ticked)
        two = st.button(t("matches.apart_ticked", count=len(ticked)), disabled=not ticked)
    if one:
        _merge(screen, [_as_pair(row, st.session_state.get(_key("stays", row))) for row in ticked])
    if two:
        _tell_apart(screen, ticked)


def _tick(shown: Sequence[Row]) -> None:
    """Ticks the whole page, but no pair whose tax ids say that they are two."""
    for row in shown:
        st.session_state[_key("tick", row)] = not row["is_other_tax"]


def _key(what: str, row: Row) -> str:
    return f"{what}_{row['client_id']}_{row['other_client_id']}"


def _as_pair(row: Row, stays: str | None) -> Pair:
    """(the one that goes, the one that stays)."""
    both = (str(row["client_id"]), str(row["other_client_id"]))
    return both if stays == both[1] else (both[1], both[0])


def _card(screen: Screen, row: Row) -> None:
    t = screen.t
    with st.container(border=True):
        facts, answers = st.columns([5, 1.3], vertical_alignment="center")
        with facts:
            alike = t("matches.alike", likeness=t.percent(row["likeness"]), difference=t.value("difference", row["difference"]))
            st.checkbox(alike, key=_key("tick", row))
            if row["is_other_tax"]:
                st.warning(t("matches.other_tax"), icon=":material/warning:")
            stays = _stays(row, t)
        with answers:
            one = st.button(t("matches.merge"), key=_key("merge", row), type="primary", width="stretch")
            two = st.button(t("matches.apart"), key=_key("apart", row), width="stretch")
    if one:
        _merge(screen, [_as_pair(row, stays)])
    if two:
        _tell_apart(screen, [row])


def _stays(row: Row, t: Translator) -> str:
    """Which of the two stays, each with what is known of it; the one proposed comes first."""
    names = {str(row["client_id"]): str(row["client_name"]), str(row["other_client_id"]): str(row["other_client_name"])}
    first, second = names
    others = {first: names[second], second: names[first]}
    is_marked = row["difference"] in ("spelling", "look_alike")
    chosen = st.radio(
        t("matches.stays"),
        list(names),
        format_func=lambda code: differing(names[code], others[code]) if is_marked else escape(names[code]),
        captions=[_facts(row, "", t), _facts(row, "other_", t)],
        key=_key("stays", row),
    )
    return str(chosen)


def differing(name: str, other: str) -> str:
    """A name as markdown, its letters marked that the other name does not have in that place: not its quotes, nor whole
    words that it has more, which are its legal form."""
    words = set(re.findall(r"\w+", name))
    parts = []
    for kind, start, end, _, _ in SequenceMatcher(None, name.casefold(), other.casefold(), autojunk=False).get_opcodes():
        text = name[start:end]
        is_alike = kind == "equal" or (kind == "delete" and words.issuperset(re.findall(r"\w+", text)))
        parts.append(escape(text) if is_alike or not text.strip() else f":orange-background[{escape(text)}]")
    return "".join(parts)


def _facts(row: Row, side: str, t: Translator) -> str:
    """What is known of one of the two, in a line; what is not known is left out."""
    code, tax, manager, last = (row[side + name] for name in ("client_id", "tax_id", "manager", "last_order_on"))
    parts = [
        t("matches.code", code=escape(code)) if code != row[side + "client_name"] else "",
        t("matches.listed") if row[side + "is_listed"] else "",
        t("matches.orders", count=row[side + "order_count"], amount=escape(t.money(row[side + "amount"]))),
        t("matches.last", day=t.day(last)) if last else "",
        escape(manager) if manager else "",
        t("matches.tax", tax=escape(tax)) if tax else "",
    ]
    return " · ".join(part for part in parts if part)


# Answers


def _merge(screen: Screen, chosen: Sequence[Pair]) -> None:
    merges.keep(screen.ws, merges.joined(chosen))
    build(screen)
    again(screen.t("matches.merged", count=len(chosen)))


def _tell_apart(screen: Screen, rows: Sequence[Row]) -> None:
    for row in rows:
        screen.ws.journal.set_distinct(row["pair"], f"{row['client_name']} ≠ {row['other_client_name']}")
    again(screen.t("matches.told_apart", count=len(rows)))


def build(screen: Screen) -> None:
    """Builds the dataset anew with the answers, showing how far it is."""
    move = progress.bar(screen.t)
    with st.spinner(screen.t("matches.building")):
        screen.ws.renew(lambda share: move("build", share))


def again(said: str) -> None:
    """Draws the screen anew and says what was done."""
    st.toast(said, icon=":material/check:")
    st.rerun()


# Any two clients


def by_hand(screen: Screen) -> None:
    """Two clients whose names do not look alike: a change of name, a brand and its company."""
    t = screen.t
    screen.heading("matches.by_hand")
    screen.note("matches.by_hand_note")
    goes_place, stays_place, go = st.columns([3, 3, 1.3], vertical_alignment="bottom")
    with goes_place:
        goes = _choose(screen, "goes")
    with stays_place:
        stays = _choose(screen, "stays")
    is_ready = bool(goes and stays and goes != stays)
    if go.button(t("matches.merge"), key="merge_by_hand", disabled=not is_ready, width="stretch") and goes and stays:
        _merge(screen, [(goes, stays)])


def _choose(screen: Screen, side: str) -> str | None:
    t = screen.t
    counted = screen.fetch("marts.client_list", row_limit=1).to_pylist()
    words = None
    if counted and counted[0]["client_count"] > OFFERED:
        words = st.text_input(t("client.search", count=counted[0]["client_count"]), key=f"hand_words_{side}") or None
    rows = screen.fetch("marts.client_list", words=words, row_limit=OFFERED).to_pylist()
    named = {row["client_id"]: row for row in rows}
    chosen = st.selectbox(
        t(f"matches.hand_{side}"),
        list(named),
        index=None,
        format_func=lambda code: _option(named[code], t) if code in named else code,
        placeholder=t("matches.choose"),
        key=f"hand_{side}",
    )
    return str(chosen) if chosen in named else None


def _option(row: Row, t: Translator) -> str:
    code = f" ({row['client_id']})" if row["client_id"] != row["client_name"] else ""
    return f"{row['client_name']}{code} · {t.money_short(row['revenue'])}"


# What was answered


def kept(screen: Screen) -> None:
    """The merges made, with what became of each, and the way back."""
    made = merges.kept(screen.ws)
    if not made:
        return
    screen.heading("matches.made", count=len(made))
    lost = [merge for merge in made if merge.state == "target_gone"]
    if lost:
        st.warning(screen.t("matches.lost", names=escape(", ".join(merge.stays for merge in lost))), icon=":material/warning:")
    table = pa.table(
        {
            "merged": [merge.merged for merge in made],
            "stays": [merge.stays for merge in made],
            "merge_state": [merge.state for merge in made],
            "counted_as": [merge.client_name for merge in made],
            "changed_at": [local_moment(merge.changed_at) for merge in made],
        }
    )
    at = selected(screen, "merges", table, MERGE_COLUMNS, "matches.undo_hint")
    if at is not None:
        name = made[at].merged
        undo(screen, "matches.undo", name, lambda: merges.take_back(screen.ws, name))


def told_apart(screen: Screen) -> None:
    """The pairs called two clients, and the way back to having them proposed."""
    journal = screen.ws.journal
    answered_apart(screen, "apart", journal.answers("distinct"), journal.set_distinct)


def answered_apart(screen: Screen, key: str, answers: Sequence[Change], ask: Callable[[str, str | None], None]) -> None:
    """Pairs called different; `ask(pair, None)` has one proposed again."""
    if not answers:
        return
    with st.expander(screen.t("matches.apart_made", count=len(answers)), icon=":material/call_split:"):
        table = pa.table(
            {
                "names": [answer.after for answer in answers],
                "changed_at": [local_moment(answer.changed_at) for answer in answers],
            }
        )
        at = selected(screen, key, table, APART_COLUMNS, "matches.apart_hint")
        if at is not None:
            pair, names = answers[at].key, str(answers[at].after)
            undo(screen, "matches.ask_again", names, lambda: ask(pair, None))


def selected(screen: Screen, key: str, table: pa.Table, columns: Sequence[str], hint: str) -> int | None:
    """A table of answers; the place of the one selected in `table`."""
    screen.note(hint)
    numbered = table.append_column("place", pa.array(range(table.num_rows)))
    key = f"matches_{key}_{st.session_state.get('matches_round', 0)}"
    part = tables_ui.show(key, numbered, screen.t, columns=columns, on_select=lambda: None, file=f"ritm-{key}")
    rows = list((st.session_state.get(key) or {}).get("selection", {}).get("rows") or [])
    if not rows or rows[0] >= part.num_rows:
        return None
    return int(part.column("place")[rows[0]].as_py())


def undo(screen: Screen, label: str, name: str, take_back: Callable[[], None]) -> None:
    """The button that takes an answer back."""
    if st.button(screen.t(label, name=escape(name)), icon=":material/undo:", type="primary"):
        take_back()
        build(screen)
        st.session_state["matches_round"] = st.session_state.get("matches_round", 0) + 1
        again(screen.t("matches.undone", name=name))


# Elsewhere


def hint(screen: Screen) -> None:
    """Says, after a load, that there are names to look at; nothing where there are none."""
    if "clients" not in screen.tables:
        return
    count = len(pairs(screen))
    if count:
        st.info(screen.t("matches.hint", count=count), icon=":material/merge:")
        screen.link("matches", "matches.menu")

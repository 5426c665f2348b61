"""The widgets of the audit log: the period, the person and the action chosen, and what was done as a table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import streamlit as st

from kam import audit
from kam.audit import Entry
from kam.i18n import Translator
from kam.ui.frame import Screen

PERIODS = {"day": 1, "week": 7, "month": 30, "year": 365, "all": None}
COLUMNS = ("noted_at", "noted_who", "noted_action", "noted_what", "noted_facts")


@dataclass(frozen=True)
class Chosen:
    """What is looked for: since which day (None: ever), whose deeds ("" those at the machine itself), which action."""

    since: date | None
    who: str | None
    action: str | None


def chosen(screen: Screen) -> Chosen:
    """The period, and of the people and actions in it one or all."""
    t = screen.t
    when, whose, what = st.columns([2.2, 1.4, 1.4], vertical_alignment="bottom")
    name = when.segmented_control(
        t("audit.period"), PERIODS, default="month", required=True, key="audit_period", format_func=lambda one: t(f"audit.periods.{one}"),
        label_visibility="collapsed",
    )  # fmt: skip
    days = PERIODS[str(name or "month")]
    since = date.today() - timedelta(days=days - 1) if days else None
    found = audit.entries(screen.ws.path, since)
    people = sorted({one.who or "" for one in found})
    actions = [code for code in audit.ACTIONS if any(one.action == code for one in found)]
    who = whose.selectbox(
        t("audit.who"), people, index=None, key="audit_who", format_func=lambda one: _name(one, t), placeholder=t("audit.everybody"),
        label_visibility="collapsed",
    )  # fmt: skip
    action = what.selectbox(
        t("audit.action"), actions, index=None, key="audit_action", format_func=lambda code: t.value("noted_action", code),
        placeholder=t("audit.every_action"), label_visibility="collapsed",
    )  # fmt: skip
    return Chosen(since, who, action)


def show(screen: Screen, asked: Chosen) -> None:
    """What was done, the newest first, to search, page through and take away."""
    found = [
        one for one in audit.entries(screen.ws.path, asked.since)
        if asked.who in (None, one.who or "") and asked.action in (None, one.action)
    ]  # fmt: skip
    if not found:
        screen.note("audit.nothing")
        return
    screen.table("audit", table(found, screen.t), columns=COLUMNS, file=screen.t("audit.file"))
    screen.note("audit.kept", years=audit.KEPT_MONTHS // 12)


def table(found: list[Entry], t: Translator) -> pa.Table:
    """The entries as rows, in the time of this machine."""
    return pa.table(
        {
            "noted_at": pa.array([one.at.astimezone().replace(tzinfo=None) for one in found], pa.timestamp("us")),
            "noted_who": pa.array([_name(one.who or "", t) for one in found], pa.string()),
            "noted_action": pa.array([one.action for one in found], pa.string()),
            "noted_what": pa.array([_what(one, t) for one in found], pa.string()),
            "noted_facts": pa.array([_facts(one.facts, t) for one in found], pa.string()),
        }
    )


def _name(who: str, t: Translator) -> str:
    return who or t("audit.this_computer")


def _what(one: Entry, t: Translator) -> str:
    """The object as people call it: norms and dictionaries by their words."""
    key = {"norm": f"norms.{one.what}", "dictionary": f"audit.dictionaries.{one.what}"}.get(one.action)
    return t.get(key, one.what) if key else " ".join(one.what.split())


def _facts(facts: dict[str, Any], t: Translator) -> str:
    return "; ".join(f"{t.get(f'audit.facts.{name}', name)}: {_fact(name, value, t)}" for name, value in facts.items())


def _fact(name: str, value: Any, t: Translator) -> str:
    if name == "table":
        return t.get(f"tables.{value}", str(value))
    if isinstance(value, bool):
        return t("explore.yes" if value else "explore.no")
    return t.get(f"audit.values.{value}", str(value)) if isinstance(value, str) else str(value)

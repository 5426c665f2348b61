"""Charts of touches, promises and the client card: drawn from nothing, from hostile names, with the values of the mart."""

from __future__ import annotations

import json
from datetime import date

import pytest

from kam.charts import client, promises, touches
from kam.i18n import translator
from kam.palette import DARK, LIGHT

D = date(2026, 4, 1)
HOSTILE = "<b onmouseover=x>«А»</b> ![x](http://evil)"


@pytest.fixture
def hostile(given):
    given("clients", f"client_id | client_name | manager\n1 | {HOSTILE} | {HOSTILE}")
    given("orders", "client | date | amount\n1 | 2026-03-01 | 100\n1 | 2026-03-20 | -10\n1 | 2026-03-28 | 70")
    given(
        "touches", f"client | held_on | kind | type | subject | manager\n1 | 2026-03-21 | need | звонок | {HOSTILE} | {HOSTILE}"
    )
    given(
        "promises",
        f"promise_id | client | owner | text | made_on | due_on\np | 1 | {HOSTILE} | {HOSTILE} | 2026-03-01 | 2026-03-20",
    )


def figures(world, t, palette, **params) -> dict:
    def rows(mart, **more):
        return world.fetch(f"marts.{mart}", as_of=D, **more)

    cards = rows("client_card", client_id="1").to_pylist()
    made = {
        "manager": touches.served(rows("touch_groups", **params), "manager", t, palette),
        "class": touches.served(rows("touch_groups", **params), "class", t, palette),
        "norm": touches.norm(rows("touch_norm", **params), t, palette),
        "log": touches.log(rows("touch_kind_counts", **params), t, palette),
        "reasons": touches.reasons(rows("touch_reasons", **params), t, palette),
        "calendar": promises.ageing(rows("promise_ageing", **params), "calendar", t, palette),
        "working": promises.ageing(rows("promise_ageing", **params), "working", t, palette),
        "owner": promises.keep_rate(rows("promise_groups", **params), "owner", t, palette),
        "months": client.months(rows("client_months", client_id="1" if cards else "0"), t, palette),
    }
    if cards:
        events = rows("client_events", client_id="1")
        made["timeline"] = client.timeline(events, cards[0], D, None, t, palette)
        made["later"] = client.timeline(events, cards[0], D, D, t, palette)
    return made


@pytest.mark.parametrize(("language", "palette"), [("ru", LIGHT), ("en", DARK)])
def test_names_are_shown_to_the_letter(hostile, world, language, palette):
    for name, figure in figures(world, translator(language), palette).items():
        drawn = json.loads(figure.to_json())
        assert "<b onmouseover" not in json.dumps({"data": _said(drawn), "layout": drawn["layout"]}, ensure_ascii=False), name


def _said(drawn: dict) -> list:
    """What a chart writes out: all but the codes that a clicked point carries."""
    return [{key: value for key, value in trace.items() if key != "customdata"} for trace in drawn["data"]]


def test_nothing_to_draw_is_said_in_words(given, world):
    given("clients", "client_id | client_name\n1 | А")
    given("orders", "client | date | amount\n2 | 2026-03-01 | 1")
    for name, figure in figures(world, translator("ru"), LIGHT, manager="никто").items():
        drawn = figure.to_json()
        assert "[" not in json.loads(drawn)["layout"]["title"]["text"], name


def test_bars_of_the_norm_are_the_figures_of_the_mart(hostile, world):
    rows = {row["kind"]: row for row in world.rows("marts.touch_norm", as_of=D)}
    figure = touches.norm(world.fetch("marts.touch_norm", as_of=D), translator("ru"), LIGHT)
    counted = next(trace for trace in figure.data if trace.x[0] is not None)
    assert list(counted.x) == [rows[kind]["counted"] for kind in ("mandatory", "standard", "need")]

"""Language, as-of date and filters: widgets kept in the URL, so that a view is a link.

The URL holds ISO dates, class codes and names as they stand in the data, never translated labels.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import pyarrow as pa
import streamlit as st

from kam.i18n import LANGUAGE_NAMES, LANGUAGES, Translator
from kam.ui.failures import guarded

CLASSES = ("A+", "A", "B", "C", "D")
FILTERS = ("manager", "segment", "region", "class")
CARRIED = ("lang", "as_of", *FILTERS)
EARLIEST, LATEST = date(1990, 1, 1), date(2100, 12, 31)
LANGUAGE_LABEL = "Язык · Language"  # read by screen readers only, before the language is known


@dataclass(frozen=True)
class Chosen:
    """What the reader chose: the as-of date (None in an empty workspace) and the filters that are set."""

    as_of: date | None = None
    filters: Mapping[str, str] = field(default_factory=dict)


def presets(latest: date) -> dict[str, date]:
    """As-of dates people ask for, by name: latest data, end of last month and quarter, a year before."""
    month_end = latest.replace(day=1) - timedelta(days=1)
    quarter_start = latest.replace(month=(latest.month - 1) // 3 * 3 + 1, day=1)
    leap_safe = min(latest.day, 28) if latest.month == 2 else latest.day
    return {
        "latest": latest,
        "month_end": month_end,
        "quarter_end": quarter_start - timedelta(days=1),
        "year_ago": latest.replace(year=latest.year - 1, day=leap_safe),
    }


def _choose_date(chosen: date) -> None:
    st.session_state["as_of"] = chosen


def _parsed_day(raw: str | None, latest: date) -> date:
    try:
        day = date.fromisoformat(raw or "")
    except ValueError:
        return latest
    return day if EARLIEST <= day <= LATEST else latest


def turn_page(name: str) -> None:
    """Notes whether this run is the first of a page: the widgets of the page before are still half alive in it."""
    st.session_state["_is_turned"] = st.session_state.get("_page") != name
    st.session_state["_page"] = name


def seed(name: str, parse: Callable[[str | None], object]) -> None:
    """Puts the URL's value into a widget's state before the widget is drawn, where the URL knows better.

    It does on the first run, after a change of page (widgets die there) and after a step back in the browser; in
    every other run the widget is newer than the URL. `bind="query-params"` cannot do this: beside a folder named
    pages/ it takes the parameters of the page before for strangers and throws them away.
    """
    raw = st.query_params.get(name)
    is_stale = st.session_state.get("_is_turned") or raw != st.session_state.get(f"_url_{name}")
    if is_stale or name not in st.session_state:
        st.session_state[name] = parse(raw)
        st.session_state[f"_url_{name}"] = raw


def publish(query: Mapping[str, str]) -> None:
    """Writes what is chosen into the URL; parameters that are not the frame's stay as they are."""
    for name in CARRIED:
        wanted = query.get(name)
        if wanted != st.query_params.get(name):
            if wanted is None:
                del st.query_params[name]
            else:
                st.query_params[name] = wanted
        st.session_state[f"_url_{name}"] = wanted


def as_of(t: Translator, latest: date) -> date:
    """The as-of date: a button that says it, presets and a calendar behind it."""
    seed("as_of", lambda raw: _parsed_day(raw, latest))
    shown = st.session_state.get("as_of") or latest
    with st.popover(t("filters.as_of_button", day=shown), icon=":material/event:", width="stretch"):
        st.caption(t("filters.as_of_help"))
        for name, preset in presets(latest).items():
            st.button(
                t(f"filters.preset.{name}", day=preset),
                key=f"preset_{name}",
                on_click=guarded(_choose_date),
                args=(preset,),
                type="tertiary",
            )
        value = st.date_input(t("filters.own_date"), min_value=EARLIEST, max_value=LATEST, key="as_of", format="DD.MM.YYYY")
    return value if isinstance(value, date) else latest


def _options(values: pa.Table, dimension: str) -> Sequence[str]:
    if dimension == "class":
        return CLASSES
    pairs = zip(values.column("dimension").to_pylist(), values.column("value").to_pylist(), strict=True)
    return [value for name, value in pairs if name == dimension and value]


def one(t: Translator, name: str, values: pa.Table) -> str | None:
    """One filter as a select box; None means everybody."""
    options = _options(values, name)
    seed(name, lambda raw: raw if raw in options else None)
    return st.selectbox(
        t(f"filters.{name}"),
        options,
        index=None,
        key=name,
        placeholder=t(f"filters.all_{name}"),
        label_visibility="collapsed",
        disabled=not options,
    )


def fixed(t: Translator, name: str, value: str) -> str:
    """A filter that is not the reader's to choose, shown as it stands."""
    st.selectbox(t(f"filters.{name}"), [value], key=f"{name}_fixed", label_visibility="collapsed", disabled=True, help=t("roles.own_only"))
    return value


def show(t: Translator, latest: date, names: Sequence[str], values: pa.Table, manager: str | None = None) -> Chosen:
    """The row of filters: date first, then `names` in order; what is chosen comes back. manager: the one whose clients alone
    the reader sees."""
    with st.container(key="filters"):
        places = st.columns([1.25] + [1.0] * len(names), gap="small")
        with places[0]:
            day = as_of(t, latest)
        chosen: dict[str, str] = {}
        for place, name in zip(places[1:], names, strict=True):
            with place:
                value = fixed(t, name, manager) if manager and name == "manager" else one(t, name, values)
            if value:
                chosen[name] = value
    return Chosen(day, _with_own(chosen, manager))


def without_widgets(latest: date, manager: str | None = None) -> Chosen:
    """What the URL says of the date, for a page that shows no filters."""
    return Chosen(_parsed_day(st.query_params.get("as_of"), latest), _with_own({}, manager))


def _with_own(chosen: Mapping[str, str], manager: str | None) -> Mapping[str, str]:
    return {**chosen, "manager": manager} if manager else chosen


def language() -> str:
    """The language switch; the choice lives in the URL like a filter."""
    seed("lang", lambda raw: raw if raw in LANGUAGES else LANGUAGES[0])
    with st.container(key="language"):
        chosen = st.segmented_control(
            LANGUAGE_LABEL,
            LANGUAGES,
            required=True,
            key="lang",
            label_visibility="collapsed",
            format_func=LANGUAGE_NAMES.__getitem__,
        )
    return str(chosen or LANGUAGES[0])


def query(language: str, chosen: Chosen, latest: date | None, offered: Sequence[str]) -> dict[str, str]:
    """The query string that leads to the same view on another page: defaults left out, what is not offered kept."""
    kept = {name: st.query_params[name] for name in FILTERS if name not in offered and name in st.query_params}
    carried = kept | dict(chosen.filters)
    if language != LANGUAGES[0]:
        carried["lang"] = language
    if chosen.as_of and chosen.as_of != latest:
        carried["as_of"] = chosen.as_of.isoformat()
    return carried

"""The frame that every page opens with: language, workspace, menu, date, filters, help, and mistakes in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import streamlit as st

from kam import scope
from kam.access import may_change
from kam.i18n import Translator, translator
from kam.palette import Palette
from kam.ui import evidence as evidence_ui
from kam.ui import failures, invitation, menu, opening, repairing, tables, who
from kam.ui import figures as figures_ui
from kam.ui import filters as filters_ui
from kam.ui import help as help_ui
from kam.ui.evidence import Evidence
from kam.ui.failures import guarded
from kam.ui.figures import Figure
from kam.ui.text import escape_facts
from kam.ui.theme import theme_palette
from kam.workspace import Workspace

ICON = Path(__file__).resolve().parent / "favicon.png"
CHART_CONFIG = {"showSendToCloud": False, "displaylogo": False, "displayModeBar": False}

BRAND = '<div class="kam-brand">Ritm</div>'

MakeEvidence = Callable[[dict[str, Any]], Evidence]


@dataclass
class Screen:
    """What a page works with inside `with ui.page(...) as screen`.

    t: translator; ws: workspace; as_of: the report's date; filters: those set (manager, segment, region, class);
    query: query string parameters that keep the view on another page; palette: colours of the reader's theme.
    """

    name: str
    t: Translator
    ws: Workspace
    chosen: filters_ui.Chosen
    query: dict[str, str]
    palette: Palette
    _dialog: Evidence | None = field(default=None, repr=False)

    @property
    def as_of(self) -> date | None:
        """The report's date; None only while the workspace is empty."""
        return self.chosen.as_of

    @property
    def filters(self) -> Mapping[str, str]:
        """The filters that are set: manager, segment, region, class."""
        return self.chosen.filters

    @property
    def may_change(self) -> bool:
        """Whether whoever looks may change what belongs to all; buttons that would be refused are not shown."""
        return may_change(self.ws.user)

    @property
    def tables(self) -> frozenset[str]:
        """The tables that hold rows: orders, touches, promises, contacts, clients. Unknown is not zero (METHOD 0.5)."""
        return opening.extent(self.ws).tables

    def fetch(self, mart: str, **params: object) -> pa.Table:
        """The mart as of the screen's date, with those of the screen's filters that it declares; `params` win."""
        as_of = params.pop("as_of", self.as_of)
        return opening.fetch(self.ws, mart, as_of, {**self.filters, **params})  # type: ignore[arg-type]

    def norm(self, key: str) -> float:
        """The value in force of a norm that is a number; 0 for one that is not set."""
        value = self.ws.norms()[key]
        return float(value) if isinstance(value, (int, float)) else 0.0

    def heading(self, key: str, **facts: object) -> None:
        """A section heading by its locale key; texts among the facts are escaped."""
        st.subheader(self.t(key, **escape_facts(facts)), anchor=False)

    def text(self, key: str, **facts: object) -> None:
        """A paragraph of our own words by its locale key; texts among the facts are escaped."""
        st.markdown(self.t(key, **escape_facts(facts)))

    def note(self, key: str, **facts: object) -> None:
        """A small grey line by its locale key."""
        st.caption(self.t(key, **escape_facts(facts)))

    def plain(self, text: str) -> None:
        """A line of data (a client's name), shown to the letter."""
        st.text(text)

    def link(self, name: str, label: str | None = None, **query: str) -> None:
        """A link to another page that keeps the view; label: locale key (default: the page's name in the menu)."""
        if not menu.exists(name):
            return
        menu.link(name, self.t, {**self.query, **query}, self.t(label) if label else None)

    def halves(self) -> tuple[Any, Any]:
        """Two places side by side, for charts: `left, right = screen.halves()`, then `with left: …`."""
        left, right = st.columns(2, gap="medium")
        return left, right

    def tabs(self, section: str, **counts: int) -> Sequence[Any]:
        """A place a tab, each with its count: the locale key `<section>.<name>` names it."""
        return st.tabs([self.t(f"{section}.{name}", count=count) for name, count in counts.items()])

    def open(self, evidence: Evidence) -> None:
        """Opens the evidence when the page is drawn; the first asked for wins."""
        self._dialog = self._dialog or evidence

    def open_client(self, client_id: str) -> None:
        """Goes to the client's card, keeping the view."""
        st.switch_page(menu.script_of("client"), query_params={**self.query, "client": client_id})

    def figures(self, figures: Sequence[Figure], key: str = "figures") -> None:
        """Headline figures in a row of cards; three to six read well. Each opens its evidence."""
        asked = figures_ui.show(figures, self.t, key)
        if asked:
            self.open(asked)

    def chart(self, figure: Any, key: str, evidence: Callable[[dict[str, Any]], Evidence | None] | None = None) -> None:
        """A Plotly figure. `evidence` makes what a clicked point opens, from the point's dict (x, y, customdata …)."""
        key = f"chart_{key}"
        if evidence is None:
            st.plotly_chart(figure, key=key, config=CHART_CONFIG, theme=None)
            return
        turn = f"_turn_{key}"
        shown = f"{key}_{st.session_state.get(turn, 0)}"

        def take() -> None:
            # A new key draws the chart anew with nothing selected: the same point can be asked for again.
            st.session_state[f"_asked_{key}"] = _selection(shown, "points")
            st.session_state[turn] = st.session_state.get(turn, 0) + 1

        st.plotly_chart(figure, key=shown, config=CHART_CONFIG, theme=None, on_select=guarded(take), selection_mode="points")
        points = st.session_state.pop(f"_asked_{key}", [])
        asked = evidence(points[0]) if points else None
        if asked:
            self.open(asked)

    def table(
        self,
        key: str,
        table: pa.Table,
        *,
        columns: Sequence[str] | None = None,
        evidence: MakeEvidence | None = None,
        opens_client: bool = False,
        totals: Sequence[str] = (),
        search: bool = True,
        file: str | None = None,
        height: int | None = None,
    ) -> None:
        """A table with search, totals, paging and xlsx.

        columns: which to show and in what order; the others stay in the row given to `evidence`.
        The table's own key in st.session_state is table_<key>, a chart's chart_<key>.
        A selected row opens evidence(row), or with opens_client (and no evidence) the card of row["client_id"].
        totals: columns whose sum over all rows found is said under the table. file: name of the download.
        """
        file, key = file or f"{self.name}-{key}", f"table_{key}"
        asked = f"_asked_{key}"
        selects = evidence is not None or opens_client
        part = tables.show(
            key,
            table,
            self.t,
            columns=columns,
            totals=totals,
            search=search,
            on_select=(lambda: st.session_state.__setitem__(asked, True)) if selects else None,
            file=file,
            height=height,
        )
        rows = _selection(key, "rows") if st.session_state.pop(asked, False) else []
        if not rows or rows[0] >= part.num_rows:
            return
        row = part.slice(rows[0], 1).to_pylist()[0]
        if evidence is not None:
            self.open(evidence(row))
        elif menu.exists("client"):
            self.open_client(str(row["client_id"]))

    def finish(self) -> None:
        """Draws what the page asked to open; the frame calls it after the page."""
        if self._dialog:
            evidence_ui.open_dialog(self._dialog, self.t, self.query)


def _selection(key: str, what: str) -> list[Any]:
    state = st.session_state.get(key) or {}
    return list((state.get("selection") or {}).get(what) or [])


def _head(name: str, t: Translator) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="head"):
        st.title(t(f"{name}.title"), anchor=False, width="content")
        help_ui.show(name, t)


def _loaded(ws: Workspace) -> bool:
    return ws.dataset_id is not None


@contextmanager
def page(
    name: str,
    *,
    filters: Sequence[str] = filters_ui.FILTERS,
    needs: Sequence[str] = (),
    works_empty: bool = False,
) -> Iterator[Screen]:
    """Opens a page: `with ui.page("touches", needs=("orders", "touches")) as screen:`.

    name: the page's section of the locales (title, menu, help.what, help.rule, help.action) and its script.
    filters: those offered, of manager, segment, region, class; () shows none and no date either.
    needs: tables without which the page has nothing to say; it then says which sheet to upload, and stops.
    works_empty: the page is useful in an empty workspace (upload, settings); others show the invitation and stop.

    A KamError inside becomes a sentence; any other exception a sentence with a reference number, and a log entry.
    """
    filters_ui.turn_page(name)
    with st.sidebar:
        st.html(BRAND)
        user_place = st.container(key="user")
        menu_place = st.container(key="menu")
        t = translator(filters_ui.language())
    st.set_page_config(page_title=f"{t(f'{name}.title')} · Ritm", page_icon=str(ICON), layout="wide")
    st.html(Path(__file__).with_name("frame.css"))
    screen: Screen | None = None
    is_page_run = False
    try:
        user = who.current()
        with user_place:
            who.show(user, t)
        failures.say_left(t)
        ws = opening.ours()
        screen = _open_screen(name, t, ws, filters, works_empty, menu_place)
        invitation.require(ws, needs, t, screen.query)
        is_page_run = True
        yield screen
        screen.finish()
    except Exception as error:  # the one place where a screen's failure is put into words
        failures.say(error, t)
        repairing.offer(error, t)
        if screen is None:
            with menu_place:
                menu.show(t, {})
        if not is_page_run:
            st.stop()


def _open_screen(name: str, t: Translator, ws: Workspace, filters: Sequence[str], works_empty: bool, menu_place: Any) -> Screen:
    _head(name, t)
    is_closed = not menu.is_open(name, ws.user)
    chosen, latest, offered = filters_ui.Chosen(), None, () if is_closed else tuple(filters)
    if _loaded(ws):
        invitation.demo_banner(ws, t)
        latest = opening.extent(ws).default_as_of
        t = translator(t.language, opening.extent(ws).currency)
    if latest and offered:
        chosen = filters_ui.show(t, latest, offered, opening.fetch(ws, "marts.filter_values", latest, {}), _shown_scope(ws))
    elif latest:
        chosen = filters_ui.without_widgets(latest, _shown_scope(ws))
    query = filters_ui.query(t.language, chosen, latest, offered if latest else ())
    filters_ui.publish(query)
    with menu_place:
        menu.show(t, query)
    _stop_where_closed(ws, t, is_closed, works_empty)
    if not _loaded(ws) and not works_empty:
        invitation.show(ws, t, query)
        st.stop()
    return Screen(name, t, ws, chosen, query, theme_palette())


def _shown_scope(ws: Workspace) -> str | None:
    if ws.scope != scope.NOBODY:
        return ws.scope
    return (ws.user.manager if ws.user else None) or "—"


def _stop_where_closed(ws: Workspace, t: Translator, is_closed: bool, works_empty: bool) -> None:
    """One sentence in the place of a page that the role cannot use, or has nothing to show to a manager of no clients."""
    if is_closed:
        st.info(t("roles.closed_page"), icon=":material/lock:")
        st.stop()
    if ws.scope == scope.NOBODY and _loaded(ws) and not works_empty:
        name = (ws.user.manager if ws.user else None) or ""
        st.warning(t("roles.unknown_manager", **escape_facts({"name": name})), icon=":material/person_off:")
        st.stop()

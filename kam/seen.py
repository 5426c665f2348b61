"""The workspace as one user sees it: the same questions, own clients' answers alone, changes only where the role may make them.

Everything on a screen asks it in the place of the workspace and need not know: marts, free questions, typed SQL, the minutes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Set
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from kam import norms as norms_of
from kam import own_file, queries, scope
from kam.access import User, may_change, scope_of
from kam.datasets import Manifest
from kam.workspace import Workspace, _Open

# What people typed that names no client of anybody: given to typed SQL whole.
OPEN_TYPED = ("calendar", "touch_rules", "reasons", "titles", "title_levels", "annual_words", "key_criteria")

KEPT = 500


def by(ws: Workspace, user: User | None) -> Workspace:
    """The workspace for a user; on a laptop, where nobody signs in, the workspace itself."""
    return ws if user is None else Seen(ws, user)


class Seen(Workspace):
    """See `by`. Cheap to make: it holds nothing of its own."""

    def __init__(self, whole: Workspace, user: User) -> None:
        self.whole, self.user, self.path = whole, user, whole.path
        is_locked = not may_change(user)
        self.datasets = whole.datasets.locked() if is_locked else whole.datasets
        self.journal = whole.journal.of(user.name, is_locked)

    @property
    def scope(self) -> str | None:
        """The manager, as the data spell the name, whose clients alone are seen; None: everybody's. scope.NOBODY where the
        data know no such person, or several."""
        if self.user is None or self.user.role != "manager":
            return None
        if self.whole.dataset_id is None:
            return scope.NOBODY
        return _person(self.whole, scope_of(self.user) or "")

    @property
    def key(self) -> str:
        """What tells this view's answers from others' in a cache that sessions share."""
        return f"{self.path}" if self.scope is None else f"{self.path}\n{self.scope}"

    # What there is: that of the whole

    @property
    def manifest(self) -> Manifest | None:
        return self.whole.manifest

    def settle(self) -> None:
        self.whole.settle()

    def default_as_of(self) -> date | None:
        return self.whole.default_as_of()

    def extent(self) -> dict[str, Any]:
        """Of the whole: which sheets were loaded and up to which day is nobody's client; its counts are shown to nobody."""
        return self.whole.extent()

    def norms(self, trial: Mapping[str, str] | None = None) -> dict[str, norms_of.Value]:
        return self.whole.norms(trial)

    def built_by(self) -> str:
        return self.whole.built_by()

    def renew(self, progress: Callable[[float], None] = lambda share: None) -> None:
        self.whole.renew(progress)

    def close(self) -> None:
        """The whole is closed by whoever opened it."""

    # Questions, cut

    def _opened(self) -> _Open:
        return self.whole._opened()

    def _renew(self, opened: _Open, wanted: Set[str]) -> None:
        self.whole._renew(opened, wanted)

    def _compiled(self, name: str, params: Mapping[str, object]) -> queries.Compiled:
        compiled = super()._compiled(name, params)
        return compiled if self.scope is None else scope.narrowed(name, compiled, _columns(self.whole, name))

    def _values(
        self, compiled: queries.Compiled, params: dict[str, object], norms: Mapping[str, str] | None
    ) -> dict[str, object]:
        values = super()._values(compiled, params, norms)
        if self.scope is None:
            return values
        forced = {name: self.scope for name in scope.FORCED if name in compiled.params}
        return values | forced | ({"scope_manager": self.scope} if "$scope_manager" in compiled.sql else {})

    # Typed SQL, cut: a text can name any table of a file, so that it gets one with own rows

    def beside(self) -> tuple[Path, dict[str, pa.Table]]:
        """The file with own rows, and those tables of ref.* that know their client, cut, or that name nobody."""
        file, typed = self.whole.beside()
        if self.scope is None:
            return file, typed
        own = self.whole._opened()
        made = own_file.made(self.whole.datasets.path(own.dataset_id).resolve(), own.dataset_id, self.scope)
        return made, {name: table for name, table in self._typed(typed).items() if table is not None}

    def _typed(self, typed: Mapping[str, pa.Table]) -> dict[str, pa.Table | None]:
        return {name: self._cut(name, table) for name, table in typed.items()}

    def _cut(self, name: str, table: pa.Table) -> pa.Table | None:
        if own_file.KEY in table.column_names:
            text = f"select * from {name} where client_key in (select client_key from core.clients where manager = $scope_manager)"
            return self._run(queries.Compiled(text, {}, frozenset(), frozenset({name})), {"scope_manager": self.scope})
        return table if name.removeprefix("ref.") in OPEN_TYPED else None

    def own_clients(self) -> frozenset[str] | None:
        if self.scope is None:
            return None
        if self.dataset_id is None:
            return frozenset()
        found = _kept(self.whole, "clients", self.scope, lambda: frozenset(self.fetch("marts.own_clients").column("client_id").to_pylist()))
        return frozenset(found)

    def stored(self) -> frozenset[str] | None:
        """The tables of core in the file that typed SQL gets."""
        if self.scope is None:
            return None
        cursor = self._opened().connection.cursor()
        try:
            return frozenset(f"core.{name}" for name in own_file.tables(cursor))
        finally:
            cursor.close()

    def is_offered(self, name: str, columns: Collection[str] | None = None) -> bool:
        """Whether an answer ("marts.client_card") can be cut to the scope at all. columns: its own, where they are known."""
        if self.scope is None:
            return True
        compiled = super()._compiled(name, {})
        return scope.kind(name, compiled, columns or _columns(self.whole, name)) != "closed"


def _person(whole: Workspace, name: str) -> str:
    """Whom a name means; nobody where it may mean several."""

    def found() -> str:
        people = whole.fetch("marts.person_of", person_name=name).column("person").to_pylist() if name.strip() else []
        return str(people[0]) if len(people) == 1 else scope.NOBODY

    return str(_kept(whole, "person", name, found))


def _kept(whole: Workspace, what: str, name: str, found: Callable[[], Any]) -> Any:
    # A dataset and a state of the journal never change: what was found out of them stays true.
    state = (what, name, whole.dataset_id, whole.journal.version)
    if state not in whole.kept:
        if len(whole.kept) >= KEPT:
            whole.kept.clear()
        whole.kept[state] = found()
    return whole.kept[state]


_known_columns: dict[str, tuple[str, ...]] = {}


def _columns(whole: Workspace, name: str) -> tuple[str, ...]:
    """The columns of an answer, without answering; they are the same whatever the data."""
    if name not in _known_columns:
        compiled = whole._compiled(name, {})
        described = whole._run(replace(compiled, sql=f"describe {compiled.sql}"), whole._values(compiled, {}, None))
        _known_columns[name] = tuple(described.column("column_name").to_pylist())
    return _known_columns[name]

"""The SQL files: finds them, reads their headers, orders the build, inlines metrics.

Knows text only: what a file is called, which tables it names, which parameters and norms it takes.
Must not know DuckDB, the workspace or the screens.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Set
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent / "queries"
LAYERS = ("raw", "staging", "core", "ref", "metrics", "marts", "checks")

_COMMENT = re.compile(r"--[^\n]*")
_TABLE = re.compile(r"\b(" + "|".join(LAYERS) + r")\.([a-z_][a-z0-9_]*)")
_PARAMETER = re.compile(r"\$([a-z_][a-z0-9_]*)")
_NORM = re.compile(r"\bnorm\('([a-z0-9_]+)'\)")
# What is never stored: put into the query that names it.
INLINED = ("metrics", "checks")
_INLINED = re.compile(r"\b(metrics|checks)\.([a-z_][a-z0-9_]*)")
# A metric read without an alias keeps its own name, as a table of a schema would.
_UNNAMED = re.compile(r"\b(from|join)\s+(metrics|checks)\.([a-z_][a-z0-9_]*)\b(?!\s+as\b)")
_STRING = re.compile(r"'(?:[^']|'')*'")
# metrics.client_stages__each, joined to a CTE named dates: the metric as of every dates.as_of. DuckDB turns the lateral
# query into one pass over the tables: twelve dates cost about as much as one and a half.
_EACH = re.compile(r"\bmetrics\.([a-z_][a-z0-9_]*?)__each\b")


@dataclass(frozen=True)
class Query:
    """One SQL file: `layer.stem`, its header and what it depends on."""

    name: str
    path: Path
    text: str
    summary: str
    header: tuple[str, ...]
    params: dict[str, str]
    tables: frozenset[str]
    norms: frozenset[str]

    @property
    def layer(self) -> str:
        return self.name.split(".")[0]

    @property
    def stem(self) -> str:
        return self.name.split(".")[1]

    @property
    def is_transient(self) -> bool:
        """A core table that only the build needs: dropped before the dataset is published."""
        return any(line.startswith("transient:") for line in self.header)

    @property
    def is_view(self) -> bool:
        """It stays a view while a dataset is built: no table is made of it."""
        return any(line.startswith("view:") for line in self.header)

    @property
    def rows_of(self) -> frozenset[str]:
        """The tables without which it has no row: those its header names, else every one it reads."""
        return frozenset(self._listed("rows of:")) or self.tables

    @property
    def sparse(self) -> dict[str, str]:
        """The columns that no row fills where none of the tables that it reads has the column which fills them: of the same
        name, or the one named after "of"."""
        pairs = (part.split(" of ") for part in self._listed("sparse:"))
        return {pair[0]: pair[-1] for pair in pairs}

    @property
    def packed(self) -> tuple[str, ...]:
        """The columns whose values seldom repeat."""
        return self._listed("packed:")

    def _listed(self, word: str) -> tuple[str, ...]:
        lines = (line.removeprefix(word) for line in self.header if line.startswith(word))
        return tuple(part.strip() for line in lines for part in line.split(","))


@dataclass(frozen=True)
class Compiled:
    """SQL ready to run: one statement, its parameters with types, the norms to bind as `norm_<key>`."""

    sql: str
    params: dict[str, str]
    norms: frozenset[str]
    tables: frozenset[str]


def _read(path: Path) -> Query:
    text = path.read_text(encoding="utf-8")
    header = tuple(_header_lines(text))
    bare = _COMMENT.sub("", text)
    return Query(
        name=f"{path.parent.name}.{path.stem}",
        path=path,
        text=bare.strip().rstrip(";"),
        summary=header[0] if header else "",
        header=header,
        params=_declared_params(header),
        tables=_tables(_EACH.sub(r"metrics.\1", bare)),
        norms=frozenset(_NORM.findall(bare)),
    )


def _tables(text: str) -> frozenset[str]:
    return frozenset(".".join(found) for found in _TABLE.findall(_STRING.sub("''", text)))


def _header_lines(text: str) -> Iterable[str]:
    for line in text.splitlines():
        if not line.startswith("--"):
            return
        yield line.removeprefix("--").strip()


def _declared_params(header: tuple[str, ...]) -> dict[str, str]:
    """Those of every `params:` line; a long list may take two."""
    lines = (line.removeprefix("params:") for line in header if line.startswith("params:"))
    pairs = (part.split() for line in lines for part in line.split(",") if part.strip())
    return {pair[0]: pair[1] for pair in pairs}


@cache
def all_queries(root: Path = ROOT) -> dict[str, Query]:
    """Every SQL file under `root` by name (`layer.stem`); macros by `macros.stem`."""
    found = (_read(path) for path in sorted(root.glob("*/*.sql")))
    return {query.name: query for query in found}


def used_params(query: Query) -> frozenset[str]:
    """The parameters that the text of the query uses itself."""
    return frozenset(_PARAMETER.findall(_STRING.sub("''", query.text)))


def macros(root: Path = ROOT) -> list[Query]:
    """The macros, in the order in which they can be created (each names the ones it uses)."""
    named = {q.stem: q for q in all_queries(root).values() if q.layer == "macros"}
    uses = {stem: {other for other in named if other != stem and re.search(rf"\b{other}\(", query.text)} for stem, query in named.items()}
    return [named[stem] for stem in TopologicalSorter(uses).static_order()]


def build_order(layers: tuple[str, ...] = ("staging", "core"), root: Path = ROOT) -> list[Query]:
    """The files of `layers` sorted so that each comes after what it reads."""
    queries = all_queries(root)
    wanted = {name: query for name, query in queries.items() if query.layer in layers}
    graph = {name: {table for table in query.tables if table in wanted} - {name} for name, query in wanted.items()}
    return [wanted[name] for name in TopologicalSorter(graph).static_order()]


def reached(wanted: Set[str], layers: tuple[str, ...], root: Path = ROOT) -> set[str]:
    """Those of the files of `layers` that are among the tables wanted, or that such a file reads."""
    found: set[str] = set()
    for query in reversed(build_order(layers, root)):
        if query.name in wanted or any(query.name in all_queries(root)[name].tables for name in found):
            found.add(query.name)
    return found


@cache
def build_digest(root: Path = ROOT) -> str:
    """A digest of everything that shapes a dataset: macros, staging and core."""
    texts = (query.text for query in (*macros(root), *build_order(root=root)))
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]


def is_inlined(table: str) -> bool:
    """Whether a table is a query of its own, put into the one that names it."""
    return table.split(".")[0] in INLINED


def _inlined(text: str) -> set[str]:
    """The metrics and checks that a text reads as of the question's own date."""
    return {table for table in _tables(_EACH.sub("", text)) if is_inlined(table)}


def _metrics_of(text: str, queries: dict[str, Query]) -> list[Query]:
    graph: dict[str, set[str]] = {}
    todo = list(_inlined(text))
    while todo:
        name = todo.pop()
        if name not in graph:
            graph[name] = _inlined(queries[name].text)
            todo.extend(graph[name])
    return [queries[name] for name in TopologicalSorter(graph).static_order()]


@cache
def compile_query(name: str, root: Path = ROOT) -> Compiled:
    """The query with its metrics and checks inlined as CTEs, norms and parameters turned into typed bind variables.

    Raises KeyError where no such file exists.
    """
    queries = all_queries(root)
    query = queries[name]
    parts = _metrics_of(query.text, queries)
    params: dict[str, str] = {}
    norms: set[str] = set()
    tables: set[str] = set()
    for part in _reached(query, queries):
        params |= part.params
        norms |= part.norms
        tables |= {table for table in part.tables if not is_inlined(table)}
    ctes = _ctes(parts, params, queries)
    return Compiled(_splice(ctes, _bind(query.text, params, queries)), params, frozenset(norms), frozenset(tables))


def _reached(query: Query, queries: dict[str, Query]) -> list[Query]:
    """The query and every metric and check it reads, as of whatever date."""
    found, todo = {query.name: query}, [query]
    while todo:
        for name in todo.pop().tables:
            if is_inlined(name) and name not in found:
                found[name] = queries[name]
                todo.append(queries[name])
    return list(found.values())


def _ctes(parts: list[Query], params: dict[str, str], queries: dict[str, Query]) -> str:
    return ",\n".join(f"{part.layer}__{part.stem} as (\n{_bind(part.text, params, queries)}\n)" for part in parts)


def _each(stem: str, params: dict[str, str], queries: dict[str, Query]) -> str:
    """A metric with the metrics it reads as a lateral query over dates.as_of."""
    body = f"select * from metrics.{stem}"
    ctes = _ctes(_metrics_of(body, queries), params, queries)
    return f"lateral (\n{_splice(ctes, body)}\n)".replace(_typed("as_of", params), "dates.as_of").replace(
        f"from metrics.{stem}", f"from metrics__{stem}"
    )


def _bind(query_text: str, params: dict[str, str], queries: dict[str, Query]) -> str:
    text = _EACH.sub(lambda found: _each(found.group(1), params, queries), query_text)
    text = _UNNAMED.sub(r"\1 \2__\3 as \3", text)
    text = _INLINED.sub(r"\1__\2", text)
    text = _NORM.sub(lambda found: f"$norm_{found.group(1)}", text)
    return _PARAMETER.sub(lambda found: _typed(found.group(1), params), text)


def _typed(name: str, params: dict[str, str]) -> str:
    if name.startswith("norm_"):
        return f"${name}"
    return f"cast(${name} as {params[name]})"


def _splice(ctes: str, body: str) -> str:
    """Puts the metrics in front of the query's own CTEs: a sub-query would lose its order by."""
    if not ctes:
        return body
    if re.match(r"with\b", body):
        return f"with\n{ctes},\n{body[4:].lstrip()}"
    return f"with\n{ctes}\n{body}"

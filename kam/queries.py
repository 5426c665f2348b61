"""The SQL files: finds them, reads their headers, orders the build, inlines metrics.

Knows text only: what a file is called, which tables it names, which parameters and norms it takes.
Must not know DuckDB, the workspace or the screens.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
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
# A metric read without an alias keeps its own name, as a table of a schema would.
_UNNAMED = re.compile(r"\b(from|join)\s+metrics\.([a-z_][a-z0-9_]*)\b(?!\s+as\b)")
_STRING = re.compile(r"'(?:[^']|'')*'")


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
        tables=frozenset(".".join(found) for found in _TABLE.findall(_STRING.sub("''", bare))),
        norms=frozenset(_NORM.findall(bare)),
    )


def _header_lines(text: str) -> Iterable[str]:
    for line in text.splitlines():
        if not line.startswith("--"):
            return
        yield line.removeprefix("--").strip()


def _declared_params(header: tuple[str, ...]) -> dict[str, str]:
    for line in header:
        if line.startswith("params:"):
            pairs = (part.split() for part in line.removeprefix("params:").split(",") if part.strip())
            return {name: kind for name, kind in pairs}
    return {}


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
    uses = {
        stem: {other for other in named if other != stem and re.search(rf"\b{other}\(", query.text)}
        for stem, query in named.items()
    }
    return [named[stem] for stem in TopologicalSorter(uses).static_order()]


def build_order(layers: tuple[str, ...] = ("staging", "core"), root: Path = ROOT) -> list[Query]:
    """The files of `layers` sorted so that each comes after what it reads."""
    queries = all_queries(root)
    wanted = {name: query for name, query in queries.items() if query.layer in layers}
    graph = {name: {table for table in query.tables if table in wanted} - {name} for name, query in wanted.items()}
    return [wanted[name] for name in TopologicalSorter(graph).static_order()]


def _metrics_of(query: Query, queries: dict[str, Query]) -> list[Query]:
    graph: dict[str, set[str]] = {}
    todo = [name for name in query.tables if name.startswith("metrics.")]
    while todo:
        name = todo.pop()
        if name not in graph:
            graph[name] = {table for table in queries[name].tables if table.startswith("metrics.")}
            todo.extend(graph[name])
    return [queries[name] for name in TopologicalSorter(graph).static_order()]


@cache
def compile_query(name: str, root: Path = ROOT) -> Compiled:
    """The query with its metrics inlined as CTEs, norms and parameters turned into typed bind variables.

    Raises KeyError where no such file exists.
    """
    queries = all_queries(root)
    query = queries[name]
    parts = _metrics_of(query, queries)
    params: dict[str, str] = {}
    norms: set[str] = set()
    tables: set[str] = set()
    for part in (*parts, query):
        params |= part.params
        norms |= part.norms
        tables |= {table for table in part.tables if not table.startswith("metrics.")}
    ctes = ",\n".join(f"metrics__{part.stem} as (\n{_bind(part, params)}\n)" for part in parts)
    return Compiled(_splice(ctes, _bind(query, params)), params, frozenset(norms), frozenset(tables))


def _bind(query: Query, params: dict[str, str]) -> str:
    text = _UNNAMED.sub(r"\1 metrics__\2 as \2", query.text)
    text = re.sub(r"\bmetrics\.([a-z_][a-z0-9_]*)", r"metrics__\1", text)
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

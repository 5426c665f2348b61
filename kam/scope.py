"""What a manager sees of an answer: figures as the director sees them, rows of one's own clients alone.

A class, a cycle, a stage hang on the whole portfolio (METHOD), so a query runs over all of it and its answer is cut inside the
SQL. Every query is of exactly one kind (`kind`); one of no kind is refused, so that a new one lets nothing out by oversight.
Knows texts of SQL and names of columns, no data.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from types import MappingProxyType

from kam.errors import KamError
from kam.queries import Compiled

# The parameters that take the scope's manager, whatever was asked for.
FORCED = ("manager", "scope_manager")
NOBODY = "\n"  # a name that no data can hold: cells are trimmed

# Answers that hold no client's data, and the columns of them that leave.
OPEN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        # Headers of the user's own columns and how their numbers are written; how many rows fill them is everybody's.
        "marts.own_columns": ("table_name", "own_column", "number_mark"),
    }
)

# Answers about everybody at once: no part of them is one manager's.
CLOSED: Mapping[str, str] = MappingProxyType(
    {
        "marts.client_columns": "counts the yes and no of every client",
        "marts.client_names": "names every client",
        "marts.column_coverage": "counts the rows of everybody",
        "marts.data_extent": "counts the rows of everybody; which tables and days there are is told by the workspace",
        "marts.people_list": "names every colleague with their clients, orders and touches counted",
        "marts.person_merges": "names colleagues",
        "marts.person_of": "finds colleagues by their names",
        "marts.quality_problems": "some checks know of no client: they count everybody's rows",
        "marts.quality_tables": "counts the rows of everybody",
        "marts.reject_reasons": "a rejected row belongs to no client yet",
        "marts.rejected_rows": "a rejected row belongs to no client yet, and its cell stands there as it was written",
    }
)

_OWN = "{column} in (select {key} from core.clients where manager = $scope_manager)"
# The row's place is kept aside: a filter over a query does not keep the order that the query asks for.
_CUT = """with scoped as (
{sql}
),
placed as (select *, row_number() over () as scope_place from scoped)
select {columns} from placed where {condition} order by scope_place"""


def kind(name: str, compiled: Compiled, columns: Collection[str]) -> str:
    """How a query ("marts.client_card") is cut: rows, manager, client, open or closed. columns: those of its answer.

    rows: each row has its client, others' are left out. manager: it takes a manager, and takes the scope's; a mart alone may
    be trusted with that. client: it asks of one client, who must be one's own. Checks look for what spoils the data as a whole.
    """
    if name in OPEN:
        return "open"
    if name in CLOSED or name.startswith("checks."):
        return "closed"
    if _client_column(columns):
        return "rows"
    if name.startswith("marts.") and "manager" in compiled.params:
        return "manager"
    return "client" if name.startswith("marts.") and "client_id" in compiled.params else "closed"


def narrowed(name: str, compiled: Compiled, columns: Collection[str]) -> Compiled:
    """The query with its answer cut to the clients of $scope_manager. Raises KamError for one that cannot be cut."""
    found = kind(name, compiled, columns)
    if found == "closed":
        raise KamError("errors.not_of_one_manager", mart=name)
    columns_left, condition = "* exclude (scope_place)", "true"
    if found == "rows":
        condition = _OWN.format(column=_client_column(columns), key=_client_column(columns))
    elif found == "client":
        condition = _OWN.format(column="cast($client_id as varchar)", key="client_id")
    elif found == "open":
        columns_left = ", ".join(OPEN[name])
    else:  # manager: the parameter does it
        return compiled
    return replace(compiled, sql=_CUT.format(sql=compiled.sql, columns=columns_left, condition=condition))


def _client_column(columns: Collection[str]) -> str | None:
    return next((name for name in ("client_id", "client_key") if name in columns), None)

"""A free question: which table, what stands in rows and columns, what is measured, which rows are left; made into SQL.

A choice is made of names and values alone. A name is looked up among the columns that the mart really has (or among the
user's own headers, which are bound as values), every value is bound; what is not on these lists is refused in words. Knows
no screen and no database: the workspace runs what is made here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation

import pyarrow as pa

from kam.errors import KamError

STEPS = ("day", "week", "month", "quarter", "year")
WAYS = ("count", "distinct", "sum", "average", "median", "share")
TESTS = ("is", "is_not", "range", "contains", "empty", "filled")
CHARTS = ("bar", "line", "scatter", "heat", "treemap", "box")
TOPS = (5, 10, 20, 50, 0)  # 0: all, as far as a screen goes
OF_NUMBERS = ("sum", "average", "median", "share")
ADDITIVE = ("count", "sum", "share")  # the parts make the whole
MOST_ROWS, MOST_COLUMNS, MOST_DAY_COLUMNS = 1000, 12, 36
OWN, CLIENT_OWN = "own:", "client:"
MAPS = {OWN: "extra", CLIENT_OWN: "client_extra"}
_BOUND = re.compile(r"\$(x_\d+)")
BEHIND = ("file", "sheet", "row_number")  # said of every row, grouped by nobody


@dataclass(frozen=True)
class Column:
    """A column that a question may name. kind: text, number, day or flag; mark: the decimal mark of an own column of numbers."""

    name: str
    kind: str
    mark: str = ""
    type: pa.DataType = field(default_factory=pa.string)

    @property
    def is_own(self) -> bool:
        return self.name.startswith(tuple(MAPS))

    @property
    def header(self) -> str:
        """An own column as the user's file calls it."""
        return self.name.partition(":")[2] if self.is_own else self.name

    @property
    def is_group(self) -> bool:
        """Whether rows can be grouped by it: a number with decimals has as many groups as rows."""
        return self.is_own or self.kind != "number" or pa.types.is_integer(self.type)

    @property
    def is_measured(self) -> bool:
        return self.kind == "number"


@dataclass(frozen=True)
class Axis:
    """What stands in rows or columns; a day by its step."""

    column: str
    step: str = ""


@dataclass(frozen=True)
class Measure:
    """How it is measured (WAYS) and what; a count has no column, a share without one is of rows."""

    way: str
    column: str = ""


@dataclass(frozen=True)
class Condition:
    """Which rows are left: a column, a test (TESTS) and its values as text; a range has two, either may be empty."""

    column: str
    test: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Choice:
    """A whole question. second: what a scatter shows across; top: so many rows, the others as one; chart: one of CHARTS."""

    subject: str
    rows: Axis
    columns: Axis | None
    measure: Measure
    second: Measure = Measure("count")
    conditions: tuple[Condition, ...] = ()
    top: int = 10
    chart: str = "bar"


@dataclass(frozen=True)
class Subject:
    """A table that can be explored: its name (the uploaded table's), mart, column of days, and the question it opens with."""

    name: str
    mart: str
    day: str
    first: Choice


def _first(subject: str, rows: Axis, columns: str, measure: Measure, **more: object) -> Choice:
    return replace(Choice(subject, rows, Axis(columns) if columns else None, measure), **more)  # type: ignore[arg-type]


REVENUE = Measure("sum", "amount")
SUBJECTS: Mapping[str, Subject] = {
    subject.name: subject
    for subject in (
        Subject("orders", "marts.explore_orders", "ordered_on", _first("orders", Axis("ordered_on", "month"), "class", REVENUE, top=0)),
        Subject("clients", "marts.explore_clients", "", _first("clients", Axis("status"), "class", Measure("count"), chart="heat")),
        Subject("touches", "marts.explore_touches", "held_on", _first("touches", Axis("held_on", "month"), "kind", Measure("count"), top=0)),
        Subject("promises", "marts.explore_promises", "made_on", _first("promises", Axis("owner"), "state", Measure("count"))),
        Subject("requests", "marts.explore_requests", "received_on", _first("requests", Axis("request_state"), "class", Measure("count"))),
        Subject("contacts", "marts.explore_contacts", "", _first("contacts", Axis("role"), "class", Measure("count"))),
    )
}
# Ready-made questions, each a button: explore.starts.<name>.
STARTS: Mapping[str, Choice] = {
    "revenue_by_month": SUBJECTS["orders"].first,
    "revenue_by_client": _first("orders", Axis("client_name"), "", REVENUE),
    "revenue_by_category": _first("orders", Axis("category"), "class", REVENUE, chart="treemap"),
    "order_sizes": _first("orders", Axis("class"), "", Measure("median", "amount"), chart="box"),
    "clients_by_status": SUBJECTS["clients"].first,
    "revenue_and_touches": _first(
        "clients", Axis("client_name"), "", Measure("sum", "revenue"), second=Measure("sum", "contact_count"), top=50, chart="scatter"
    ),
    "touches_by_month": SUBJECTS["touches"].first,
    "touches_by_manager": _first("touches", Axis("manager"), "kind", Measure("count"), chart="heat"),
    "promises_by_owner": SUBJECTS["promises"].first,
}


# The columns that there are


def kind_of(type_: pa.DataType) -> str | None:
    """What a column of this type is to a question; None where it is nothing to it (a map of own columns)."""
    if pa.types.is_string(type_) or pa.types.is_large_string(type_):
        return "text"
    if pa.types.is_boolean(type_):
        return "flag"
    if pa.types.is_date(type_):
        return "day"
    is_number = pa.types.is_decimal(type_) or pa.types.is_integer(type_) or pa.types.is_floating(type_)
    return "number" if is_number else None


def columns_of(schema: pa.Schema, subject: str, own: pa.Table) -> dict[str, Column]:
    """The columns of a mart by name, then the user's own: those of the table itself, those of the row's client.

    own: marts.own_columns.
    """
    known = ((one.name, kind_of(one.type), one.type) for one in schema if one.name != "row_number")
    found = {name: Column(name, kind, type=type_) for name, kind, type_ in known if kind}
    for row in own.to_pylist():
        for prefix, table in ((OWN, subject), (CLIENT_OWN, "clients")):
            if row["table_name"] == table and MAPS[prefix] in schema.names:
                name, mark = prefix + row["own_column"], row["number_mark"] or ""
                found[name] = Column(name, "number" if mark else "text", mark)
    return found


def checked(choice: Choice, columns: Mapping[str, Column]) -> Choice:
    """The choice, or KamError for a column, step, way, test or value that does not exist."""
    for axis in (choice.rows, choice.columns):
        if axis and (not _column(axis.column, columns).is_group or (axis.step and axis.step not in STEPS)):
            raise KamError("explore.errors.axis", column=axis.column)
    for measure in (choice.measure, choice.second):
        _check_measure(measure, columns)
    for condition in choice.conditions:
        _bound(condition, _column(condition.column, columns))
    if choice.chart not in CHARTS or choice.top not in TOPS:
        raise KamError("explore.errors.link")
    return choice


def _column(name: str, columns: Mapping[str, Column]) -> Column:
    if name not in columns:
        raise KamError("explore.errors.column", column=name)
    return columns[name]


def _check_measure(measure: Measure, columns: Mapping[str, Column]) -> None:
    if measure.way not in WAYS:
        raise KamError("explore.errors.link")
    if measure.way == "count" or (measure.way == "share" and not measure.column):
        return
    if measure.way in OF_NUMBERS and not _column(measure.column, columns).is_measured:
        raise KamError("explore.errors.measure", column=measure.column)
    _column(measure.column, columns)


# The parts of the SQL


@dataclass
class _Writer:
    """Writes expressions and collects the values they bind."""

    columns: Mapping[str, Column]
    values: dict[str, object] = field(default_factory=dict)

    def bind(self, value: object) -> str:
        name = f"x_{len(self.values)}"
        self.values[name] = value
        return f"${name}"

    def text(self, name: str) -> str:
        """A column as it is grouped and filtered: an own one by its header, a bound value."""
        column = _column(name, self.columns)
        if not column.is_own:
            return f'asked."{column.name}"'
        held = MAPS[name[: name.index(":") + 1]]
        return f"nullif(trim(element_at(asked.{held}, {self.bind(column.header)})[1]), '')"

    def value(self, name: str) -> str:
        """A column as it is measured and compared: an own one as the number it holds."""
        column = _column(name, self.columns)
        return f"parse_number({self.text(name)}, '{column.mark}')" if column.mark in ("comma", "dot") else self.text(name)

    def axis(self, axis: Axis | None) -> str:
        if axis is None:
            return "cast(null as varchar)"
        column = _column(axis.column, self.columns)
        if column.kind != "day":
            return self.text(axis.column)
        step = axis.step if axis.step in STEPS else "month"
        return f"cast(date_trunc('{step}', {self.text(axis.column)}) as date)"

    def measured(self, measure: Measure) -> str:
        return "1" if not measure.column else self.value(measure.column) if measure.way in OF_NUMBERS else self.text(measure.column)

    def where(self, conditions: Iterable[Condition]) -> str:
        return "\n        and ".join(["true", *(self.condition(one) for one in conditions)])

    def condition(self, condition: Condition) -> str:
        column = _column(condition.column, self.columns)
        bound = _bound(condition, column)
        value = self.value(condition.column) if column.kind == "number" else self.text(condition.column)
        if condition.test in ("empty", "filled"):
            return f"{value} is {'not ' if condition.test == 'filled' else ''}null"
        if condition.test == "contains":
            # What folds to nothing (a bare mark) is sought to the letter, or it would be found in every row.
            sought = self.bind(bound[0])
            folded = f"contains(fold_text({value}), fold_text({sought}))"
            return f"case when fold_text({sought}) <> '' then {folded} else contains({value}, {sought}) end"
        if condition.test == "range":
            ends = [f"{value} {sign} {self.bind(end)}" for sign, end in zip((">=", "<="), bound, strict=True) if end is not None]
            return f"({' and '.join(ends)})"
        inside = f"coalesce(list_contains({self.bind(list(bound))}, {value}), false)"
        return inside if condition.test == "is" else f"not {inside}"


def _bound(condition: Condition, column: Column) -> tuple[object, ...]:
    """The values of a condition in the type of its column; KamError where they do not fit."""
    if condition.test not in TESTS:
        raise KamError("explore.errors.link")
    if condition.test in ("empty", "filled"):
        return ()
    if condition.test == "range":
        if column.kind not in ("number", "day") or len(condition.values) != 2 or not any(condition.values):
            raise KamError("explore.errors.range", column=column.header)
        return tuple(_typed(text, column) if text else None for text in condition.values)
    if not condition.values or (condition.test == "contains" and (column.kind != "text" or not condition.values[0])):
        raise KamError("explore.errors.no_value", column=column.header)
    return condition.values[:1] if condition.test == "contains" else tuple(_typed(text, column) for text in condition.values)


def _typed(text: str, column: Column) -> object:
    try:
        if column.kind == "day":
            return date.fromisoformat(text)
        if column.kind == "number":
            number = Decimal(text.replace(",", "."))
            if not number.is_finite() or abs(number) >= 10**14:
                raise InvalidOperation
            return number
        return {"true": True, "false": False}[text] if column.kind == "flag" else text
    except (ValueError, InvalidOperation, KeyError):
        raise KamError("explore.errors.value", column=column.header, value=text) from None


def _aggregate(measure: Measure, operand: str) -> str:
    return {
        "count": f"count({operand})",
        "distinct": f"count(distinct {operand})",
        "sum": f"sum({operand})",
        "average": f"avg(cast({operand} as double))",
        "median": f"median(cast({operand} as double))",
        "share": f"cast(sum({operand}) as double) / nullif(cast((select sum({operand}) from picked) as double), 0)",
    }[measure.way]


# The questions. Each reads `asked`, the rows of the subject's mart.


@dataclass(frozen=True)
class Question:
    """SQL that goes after `with asked as (…),` and the values it binds."""

    text: str
    values: Mapping[str, object]


def _picked(choice: Choice, write: _Writer, more: str = "") -> str:
    """The rows left, each with its keys and what is measured; and the place of each key, the greatest first, days the last first."""
    by = "sum(measured)" if choice.measure.way == "share" else _aggregate(choice.measure, "measured")
    places = []
    for side, axis in (("row", choice.rows), ("column", choice.columns)):
        is_day = axis is not None and _column(axis.column, write.columns).kind == "day"
        order = f"{side}_key desc nulls last" if is_day else f"{by} desc nulls last, {side}_key asc nulls last"
        places.append(
            f"{side}_places as (\n    select {side}_key, row_number() over (order by {order}) as place\n"
            f"    from picked\n    group by {side}_key\n)"
        )
    rows_most, columns_most = write.bind(most_rows(choice, write.columns)), write.bind(most_columns(choice, write.columns))
    return f"""picked as materialized (
    select
        {more}{write.axis(choice.rows)} as row_key,
        {write.axis(choice.columns)} as column_key,
        {write.measured(choice.measure)} as measured,
        {write.measured(choice.second)} as second_measured
    from asked
    where
        {write.where(choice.conditions)}
),
{", ".join(places)},
placed as (
    select
        picked.* replace (
            case when row_places.place <= {rows_most} then picked.row_key end as row_key,
            case when column_places.place <= {columns_most} then picked.column_key end as column_key
        ),
        row_places.place > {rows_most} as is_row_rest,
        column_places.place > {columns_most} as is_column_rest,
        row_places.place as row_place,
        column_places.place as column_place
    from picked
    inner join row_places on picked.row_key is not distinct from row_places.row_key
    inner join column_places on picked.column_key is not distinct from column_places.column_key
)"""


def most_rows(choice: Choice, columns: Mapping[str, Column]) -> int:
    """How many rows stand by themselves; days are never cut to the top ones."""
    is_day = _column(choice.rows.column, columns).kind == "day"
    return MOST_ROWS if is_day or not choice.top else choice.top


def most_columns(choice: Choice, columns: Mapping[str, Column]) -> int:
    """How many columns stand by themselves."""
    is_day = choice.columns is not None and _column(choice.columns.column, columns).kind == "day"
    return MOST_DAY_COLUMNS if is_day else MOST_COLUMNS


def pivot_question(choice: Choice, columns: Mapping[str, Column]) -> Question:
    """The cells, the totals of rows and of columns, and the total of all, in one pass: no total is made of rounded parts."""
    write = _Writer(columns)
    text = f"""{_picked(choice, write)}
select
    grouping(is_row_rest) = 1 as is_row_total,
    grouping(is_column_rest) = 1 as is_column_total,
    row_key,
    is_row_rest,
    column_key,
    is_column_rest,
    min(row_place) as row_place,
    min(column_place) as column_place,
    {_aggregate(choice.measure, "measured")} as value,
    {_aggregate(choice.second, "second_measured")} as second_value,
    count(*) as row_count
from placed
group by grouping sets (
    (row_key, is_row_rest, column_key, is_column_rest), (row_key, is_row_rest), (column_key, is_column_rest), ()
)"""
    return Question(text, write.values)


def spread_question(choice: Choice, columns: Mapping[str, Column]) -> Question:
    """How the measured column spreads in each row: its 5, 25, 50, 75 and 95 % marks."""
    write = _Writer(columns)
    text = f"""{_picked(choice, write)}
select
    row_key,
    is_row_rest,
    min(row_place) as row_place,
    quantile_cont(cast(measured as double), [0.05, 0.25, 0.5, 0.75, 0.95]) as marks,
    count(measured) as value_count
from placed
group by row_key, is_row_rest
having count(measured) > 0
order by is_row_rest asc, row_place asc"""
    return Question(text, write.values)


def values_question(column: str, columns: Mapping[str, Column], most: int = 200) -> Question:
    """The values of a column, those of the most rows first."""
    write = _Writer(columns)
    text = f"""picked as (select {write.text(column)} as found from asked)
select found, count(*) as row_count
from picked
where found is not null
group by found
order by row_count desc, found asc
limit {int(most)}"""
    return Question(text, write.values)


@dataclass(frozen=True)
class Key:
    """What a row or column of the pivot stands for: a value, or the rest of them."""

    value: object
    is_rest: bool = False


def rows_question(choice: Choice, columns: Mapping[str, Column], row: Key | None, column: Key | None) -> Question:
    """The rows behind a cell; None stands for a total. Own columns that the question names come along as own_1, own_2 …"""
    write = _Writer(columns)
    own = [f"{write.text(name)} as own_{number}" for number, name in enumerate(own_named(choice), 1)]
    shown = [f'asked."{name}"' for name, one in columns.items() if not one.is_own and name not in BEHIND]
    kept = [*shown, *own, *(f'asked."{name}"' for name in BEHIND)]
    picked = _picked(choice, write, ",\n        ".join(kept) + ",\n        ")
    where = " and ".join(_is_key(side, key, write) for side, key in (("row", row), ("column", column)) if key) or "true"
    day = SUBJECTS[choice.subject].day
    order = f'"{day}" desc nulls last, ' if day else ""
    text = f"""{picked}
select * exclude (row_key, column_key, measured, second_measured, is_row_rest, is_column_rest, row_place, column_place)
from placed
where {where}
order by {order}file asc, sheet asc, row_number asc"""
    return Question(text, write.values)


def own_named(choice: Choice) -> tuple[str, ...]:
    """The own columns that a question names, each once."""
    axes = [choice.rows.column, choice.columns.column if choice.columns else ""]
    named = [*axes, choice.measure.column, choice.second.column, *(one.column for one in choice.conditions)]
    return tuple(dict.fromkeys(name for name in named if name.startswith(tuple(MAPS))))


def _is_key(side: str, key: Key, write: _Writer) -> str:
    if key.is_rest:
        return f"is_{side}_rest"
    if key.value is None:
        return f"(not is_{side}_rest and {side}_key is null)"
    return f"(not is_{side}_rest and {side}_key = {write.bind(key.value)})"


# The same question in the words of SQL


def as_sql(choice: Choice, columns: Mapping[str, Column]) -> str:
    """The question as SQL to read and go on from: every group by itself, the values written out."""
    write = _Writer(columns)
    keys = [("row_key", write.axis(choice.rows))]
    if choice.columns:
        keys.append(("column_key", write.axis(choice.columns)))
    operand = "*" if choice.measure.way == "count" else write.measured(choice.measure)
    is_share = choice.measure.way == "share"
    value = f"sum({operand}) / sum(sum({operand})) over ()" if is_share else _aggregate(choice.measure, operand)
    where = [write.condition(one) for one in choice.conditions]
    selected = ",\n    ".join([*(f"{text} as {name}" for name, text in keys), f"{value} as value"])
    names = ", ".join(name for name, _ in keys)
    lines = ["select", f"    {selected}", f"from {SUBJECTS[choice.subject].mart} as asked"]
    lines += ["where", "    " + "\n    and ".join(where)] if where else []
    lines += [f"group by {names}", f"order by {names}"]
    return _written("\n".join(lines), write.values)


def _written(text: str, values: Mapping[str, object]) -> str:
    # In one pass: a value may itself look like the name of another.
    return _BOUND.sub(lambda found: literal(values[found.group(1)]), text)


def literal(value: object) -> str:
    """A value as SQL writes it."""
    if isinstance(value, list):
        return f"[{', '.join(literal(one) for one in value)}]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return f"date '{value.isoformat()}'"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return "'" + str(value).replace("'", "''") + "'"


# The answer


@dataclass(frozen=True)
class Cell:
    """A cell or a total: its value (None: nothing to measure), the second measure, how many rows are behind."""

    value: float | Decimal | int | None
    second: float | Decimal | int | None
    row_count: int


@dataclass(frozen=True)
class Pivot:
    """The answer: keys in their order, cells by place; None in a place is the total of its side. A cell without rows is absent."""

    rows: tuple[Key, ...]
    columns: tuple[Key, ...]
    cells: Mapping[tuple[int | None, int | None], Cell]

    def value(self, row: int | None, column: int | None) -> float | Decimal | int | None:
        cell = self.cells.get((row, column))
        return cell.value if cell else None

    @property
    def row_count(self) -> int:
        cell = self.cells.get((None, None))
        return cell.row_count if cell else 0


def pivot_of(table: pa.Table, choice: Choice, columns: Mapping[str, Column]) -> Pivot:
    """The answer of pivot_question put in order: days in their course with none left out, other keys by their measure."""
    lines = table.to_pylist()
    rows = _keys(lines, "row", choice.rows, columns)
    across = _keys(lines, "column", choice.columns, columns) if choice.columns else ()
    row_at, column_at = ({key: at for at, key in enumerate(keys)} for keys in (rows, across))
    cells: dict[tuple[int | None, int | None], Cell] = {}
    for line in lines:
        row = None if line["is_row_total"] else row_at[Key(line["row_key"], line["is_row_rest"])]
        column = None if line["is_column_total"] or not across else column_at[Key(line["column_key"], line["is_column_rest"])]
        cells[row, column] = Cell(line["value"], line["second_value"], line["row_count"])
    return Pivot(rows, across, cells)


CLASS_ORDER = ("A+", "A", "B", "C", "D")


def _keys(lines: Sequence[Mapping[str, object]], side: str, axis: Axis | None, columns: Mapping[str, Column]) -> tuple[Key, ...]:
    other = "column" if side == "row" else "row"
    found = {
        Key(line[f"{side}_key"], bool(line[f"is_{side}_rest"])): line[f"{side}_place"]
        for line in lines
        if line[f"is_{other}_total"] and not line[f"is_{side}_total"]
    }
    if axis is None:
        return ()
    if columns[axis.column].kind == "day":
        return _days(found, axis.step or "month")
    if axis.column == "class":
        return tuple(sorted(found, key=lambda key: (key.is_rest, _class_place(key.value), str(key.value))))
    return tuple(sorted(found, key=lambda key: (key.is_rest, found[key])))


def _class_place(code: object) -> int:
    return CLASS_ORDER.index(str(code)) if code in CLASS_ORDER else len(CLASS_ORDER)


def _days(found: Iterable[Key], step: str) -> tuple[Key, ...]:
    """Days in their course, those in between that have no rows too; before them the earlier ones as one, after them no day."""
    keys = list(found)
    days = sorted(key.value for key in keys if isinstance(key.value, date))
    whole: list[date] = []
    at = days[0] if days else None
    while at is not None and at <= days[-1] and len(whole) < MOST_ROWS:
        whole.append(at)
        at = next_step(at, step)
    if not days or whole[-1] != days[-1]:
        whole = days  # too far apart to show what is between
    rest = [key for key in keys if key.is_rest]
    return (*rest, *(Key(day) for day in whole), *(key for key in keys if key.value is None and not key.is_rest))


def next_step(day: date, step: str) -> date:
    """The first day of the next step."""
    if step in ("day", "week"):
        return date.fromordinal(day.toordinal() + (1 if step == "day" else 7))
    months = {"month": 1, "quarter": 3, "year": 12}[step]
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


# The address


def to_query(choice: Choice) -> dict[str, str | list[str]]:
    """The choice as parameters of an address; what is empty is left out."""
    query: dict[str, str | list[str]] = {
        "of": choice.subject,
        "rows": _joined(choice.rows.column, choice.rows.step),
        "columns": _joined(choice.columns.column, choice.columns.step) if choice.columns else "",
        "measure": _joined(choice.measure.way, choice.measure.column),
        "second": _joined(choice.second.way, choice.second.column) if choice.chart == "scatter" else "",
        "chart": choice.chart,
        "top": str(choice.top),
        "where": [json.dumps([one.column, one.test, *one.values], ensure_ascii=False) for one in choice.conditions],
    }
    return {name: value for name, value in query.items() if value}


PARAMETERS = ("of", "rows", "columns", "measure", "second", "chart", "top", "where")


def _joined(first: str, second: str) -> str:
    return json.dumps([first, second], ensure_ascii=False) if "~" in first + second else f"{first}~{second}" if second else first


def _parted(text: str) -> tuple[str, str]:
    if text.startswith("["):
        first, second = _texts(text, 2)
        return first, second
    first, _, second = text.partition("~")
    return first, second


def _texts(text: str, least: int) -> list[str]:
    try:
        parts = json.loads(text)
    except ValueError:
        raise KamError("explore.errors.link") from None
    if not isinstance(parts, list) or len(parts) < least or not all(isinstance(part, str) for part in parts):
        raise KamError("explore.errors.link")
    return parts


def from_query(query: Mapping[str, Sequence[str]], default: str = "orders") -> Choice:
    """The choice that an address names; a subject alone stands for its first question. KamError: the link is broken."""

    def said(name: str) -> str:
        return query[name][0] if query.get(name) else ""

    subject = said("of") or default
    if subject not in SUBJECTS:
        raise KamError("explore.errors.link")
    first = SUBJECTS[subject].first
    if not said("rows"):
        return first
    conditions = [_texts(text, 2) for text in query.get("where", ())]
    top = said("top") or "10"
    return Choice(
        subject,
        Axis(*_parted(said("rows"))),
        Axis(*_parted(said("columns"))) if said("columns") else None,
        Measure(*_parted(said("measure") or "count")),
        Measure(*_parted(said("second") or "count")),
        tuple(Condition(column, test, tuple(values)) for column, test, *values in conditions),
        int(top) if top.isdecimal() and len(top) < 4 else -1,
        said("chart") or "bar",
    )

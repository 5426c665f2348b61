"""What a sheet was taken for, what is asked about it, and what a user said of it: the forms that travel.

Knows no rule of recognition. Table, field and style names in facts and choices are codes: whoever shows them puts the
reader's words in their place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kam.layout import Period


@dataclass(frozen=True)
class Question:
    """What must be answered before a load: locale key, its facts, the column it is about, the possible answers.

    `wanted`: the question is which column is this one of the table's; the choices are headers, the likeliest first.
    """

    key: str
    facts: dict[str, Any] = field(default_factory=dict)
    column_index: int | None = None
    choices: tuple[str, ...] = ()
    wanted: str | None = None
    can_wait: bool = False  # the likeliest answer is taken where nobody is there to ask


@dataclass(frozen=True)
class Column:
    """One column of the sheet: `field` is the table's column it was taken for, None when it is only kept.

    evidence: "header", "header_near", "remembered", "user", "values" or "none".
    style: dates "dmy" or "mdy", numbers "comma" or "dot", None for other types and while a question is open.
    """

    index: int
    header: str
    field: str | None
    score: float
    evidence: str
    samples: tuple[str, ...]
    style: str | None
    options: tuple[str, ...]


@dataclass(frozen=True)
class Recognition:
    """What a sheet was taken for; `header_row` is the number in the file of the last row that names the columns, 0 when
    none does; `period` is what the rows above it say the sheet covers, both days included.
    """

    table: str | None
    score: float
    header_row: int
    columns: tuple[Column, ...]
    fingerprint: str
    former_fingerprint: str
    questions: tuple[Question, ...]
    period: Period | None = None

    def column_of(self, name: str) -> Column | None:
        """The sheet's column that was taken for the table's column `name`."""
        return next((column for column in self.columns if column.field == name), None)


@dataclass(frozen=True)
class Correction:
    """What a user said about sheets with these headers; headers are labels as in Column.header.

    beside: an export of its own, though its rows look like those of another.
    """

    table: str | None
    fields: Mapping[str, str | None] = field(default_factory=dict)
    styles: Mapping[str, str] = field(default_factory=dict)
    beside: bool = False

    def to_dict(self) -> dict[str, Any]:
        """A form that JSON can hold."""
        return {"table": self.table, "fields": dict(self.fields), "styles": dict(self.styles), "beside": self.beside}

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Correction:
        """The correction that `to_dict` wrote down."""
        return cls(content.get("table"), dict(content.get("fields", {})), dict(content.get("styles", {})), content.get("beside") is True)

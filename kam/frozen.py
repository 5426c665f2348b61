"""Frozen dataclasses as JSON and back: dates as ISO text, decimals as text, tuples as lists. Knows no class of its own.

What a class is made of is looked up once: a review has a million values.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
Turn = Callable[[Any], Any]


def plain(value: Any) -> Any:
    """A tree of dataclasses as what JSON can hold."""
    kind: Any = type(value)
    return _turn(kind, False)(value)


def made(kind: type[T], tree: Any) -> T:
    """The dataclass that `plain` was made of; a field that the tree lacks takes its default."""
    known: Any = kind
    return _turn(known, True)(tree)  # type: ignore[no-any-return]


@cache
def _turn(kind: Any, back: bool) -> Turn:
    """What turns a value of a type into JSON's, or back."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        turn = _turn(next(one for one in inner if one is not type(None)), back)
        return lambda value: None if value is None else turn(value)
    if origin is tuple:
        turn, make = _turn(inner[0], back), tuple if back else list
        return lambda value: make([turn(one) for one in value])
    if origin is dict:
        turn = _turn(inner[1], back)
        return lambda value: {key: turn(one) for key, one in value.items()}
    if is_dataclass(kind):
        return _reader(kind) if back else _writer(kind)
    if kind is date:
        return date.fromisoformat if back else date.isoformat
    if kind is Decimal:
        return Decimal if back else str
    return lambda value: value


def _writer(kind: Any) -> Turn:
    turns = [(name, _turn(hint, False)) for name, hint in get_type_hints(kind).items()]
    return lambda value: {name: turn(getattr(value, name)) for name, turn in turns}


def _reader(kind: Any) -> Turn:
    turns = [(name, _turn(hint, True)) for name, hint in get_type_hints(kind).items()]
    return lambda tree: kind(**{name: turn(tree[name]) for name, turn in turns if name in tree})

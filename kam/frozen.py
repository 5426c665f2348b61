"""Frozen dataclasses as JSON and back: dates as ISO text, decimals as text, tuples as lists. Knows no class of its own."""

from __future__ import annotations

import types
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")

_hints = cache(get_type_hints)


def plain(value: Any) -> Any:
    """A tree of dataclasses as what JSON can hold."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, Decimal) else value


def made(kind: type[T], tree: Any) -> T:
    """The dataclass that `plain` was made of; a field that the tree lacks takes its default."""
    return _made(kind, tree)  # type: ignore[no-any-return]


def _made(kind: Any, tree: Any) -> Any:
    if tree is None or kind is Any:
        return tree
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _made(next(one for one in inner if one is not type(None)), tree)
    if origin is tuple:
        return tuple(_made(inner[0], one) for one in tree)
    if origin is dict:
        return {key: _made(inner[1], one) for key, one in tree.items()}
    if is_dataclass(kind):
        build: Any = kind
        return build(**{name: _made(hint, tree[name]) for name, hint in _hints(build).items() if name in tree})
    return kind.fromisoformat(tree) if kind is date else Decimal(tree) if kind is Decimal else tree

"""The places of a certificate: every leaf of its JSON data, with its role."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Data = dict[str, Any]
Path = tuple[Any, ...]
NAMED = ("value", "grad", "oracle", "sum", "prod", "named", "ix")  # the first argument is a name


@dataclass(frozen=True)
class Place:
    """Where a leaf is, what it is, and what it says."""

    role: str
    path: Path
    value: Any


def places(data: Data) -> list[Place]:
    """Every leaf of a certificate."""
    return list(_header(data)) + [
        p for i, step in enumerate(data["steps"]) for p in _of_step(step, ("steps", i))
    ]


def _header(data: Data) -> Iterator[Place]:
    for name in ("id", "label", "title", "format", "version"):
        yield Place("text", (name,), data[name])
    for i, row in enumerate(data["symbols"]):
        for name in row:
            role = "name" if name == "name" else "declaration"
            yield Place(role, ("symbols", i, name), row[name])
    for i, h in enumerate(data["hypotheses"]):
        yield Place("text", ("hypotheses", i, "name"), h["name"])
        yield Place("text", ("hypotheses", i, "words"), h["words"])
        yield from of_term(h["prop"], ("hypotheses", i, "prop"))
    for i, c in enumerate(data["conclusions"]):
        yield Place("premise", ("conclusions", i, "step"), c["step"])
        yield from of_term(c["prop"], ("conclusions", i, "prop"))


def _of_step(step: Data, at: Path) -> Iterator[Place]:
    yield Place("rule", (*at, "rule"), step["rule"])
    for i, n in enumerate(step["premises"]):
        yield Place("premise", (*at, "premises", i), n)
    yield from of_term(step["conclusion"], (*at, "conclusion"))
    for name, value in step["data"].items():
        yield from _of_data(name, value, (*at, "data", name))


def _of_data(name: str, value: Any, at: Path) -> Iterator[Place]:
    if isinstance(value, dict):
        for key, x in value.items():
            yield from _of_data(key, x, (*at, key))
    elif name in ("scale", "nonzero"):
        for i, n in enumerate(value):
            yield Place("premise", (*at, i), n)
    elif name == "products":
        for i, (c, factors) in enumerate(value):
            yield Place("number", (*at, i, 0), c)
            for j, factor in enumerate(factors):
                yield from _of_factor(factor, (*at, i, 1, j))
    elif isinstance(value, list) and value and isinstance(value[0], list):
        for i, x in enumerate(value):
            yield from of_term(x, (*at, i))
    elif isinstance(value, list):
        yield from of_term(value, at)
    else:
        yield Place("number" if name == "side" else "name", at, value)


def _of_factor(factor: list[Any], at: Path) -> Iterator[Place]:
    yield Place("operator", (*at, 0), factor[0])
    for i, x in enumerate(factor[1:], 1):
        if isinstance(x, list):
            yield from of_term(x, (*at, i))
        else:
            yield Place("premise", (*at, i), x)


def of_term(t: list[Any], at: Path) -> Iterator[Place]:
    if not t:
        return
    op = t[0]
    yield Place("operator", (*at, 0), op)
    for i, x in enumerate(t[1:], 1):
        place = (*at, i)
        if isinstance(x, list):
            yield from of_term(x, place)
        elif op == "rat" or isinstance(x, int):
            yield Place("number", place, x)
        elif i == 1 and op in (*NAMED, "sym", "at"):
            yield Place("name", place, x)
        else:
            yield Place("declaration", place, x)


def changed(data: Data, path: Path, value: Any) -> Data:
    """The same data with something else in one place; what is untouched is shared."""
    if not path:
        return value  # type: ignore[no-any-return]
    new = copy.copy(data)
    new[path[0]] = changed(data[path[0]], path[1:], value)
    return new

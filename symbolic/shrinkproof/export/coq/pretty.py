"""Coq text, broken where lines are too long: groups whose breaks go together, outermost first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 100


@dataclass(frozen=True)
class Group:
    """Parts in a row; where the whole does not fit, a new line starts at each Break in it, under
    the group's first character and ``indent`` further to the right."""

    parts: tuple[Doc, ...]
    indent: int = 0


@dataclass(frozen=True)
class Break:
    """A blank, or the end of a line."""


Doc = str | Group | Break
BREAK = Break()


def group(*parts: Doc, indent: int = 0) -> Group:
    return Group(parts, indent)


def flat(doc: Doc) -> str:
    """The document on one line."""
    if isinstance(doc, Group):
        return "".join(map(flat, doc.parts))
    return doc if isinstance(doc, str) else " "


def lines(doc: Doc, indent: int = 0) -> list[str]:
    """The document on lines of at most WIDTH columns where that can be, each indented."""
    writer = _Writer(indent)
    writer.write(doc, 0, indent, breaking=False)
    return [line.rstrip() for line in writer.rows]


class _Writer:
    def __init__(self, indent: int) -> None:
        self.rows = [" " * indent]

    def write(self, doc: Doc, after: int, margin: int, *, breaking: bool) -> None:
        """Write it; ``after``: columns that must stay free for what follows on the same line."""
        if isinstance(doc, str):
            self.rows[-1] += doc
        elif isinstance(doc, Break):
            self.rows += [" " * margin] if breaking else []
            self.rows[-1] += "" if breaking else " "
        else:
            start = len(self.rows[-1])
            breaking = start + len(flat(doc)) + after > WIDTH
            for i, part in enumerate(doc.parts):
                rest = _to_the_break(doc.parts[i + 1 :], breaking)
                room = len(rest[0]) + (0 if rest[1] else after)
                self.write(part, room, start + doc.indent, breaking=breaking)


def _to_the_break(parts: Sequence[Doc], breaking: bool) -> tuple[str, bool]:
    """What follows on the same line, and whether a new line ends it."""
    found = ""
    for part in parts:
        if isinstance(part, Break) and breaking:
            return found, True
        found += flat(part)
    return found, False

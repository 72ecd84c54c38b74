"""Operators that build terms: how statements are written, not how they are read.

Nothing here is trusted.  The kernel gives ``Term`` these operators for its users' sake and uses
none of them itself: it builds with ``make`` alone, and checks every term that it is handed.  So
this class must define nothing that reads a term: no ``__eq__``, ``__hash__``, ``__getitem__``,
``__iter__`` or ``__len__``; a test sees to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shrinkproof.kernel.term import Term


def _make(op: str, *args: Any) -> Term:
    from shrinkproof.kernel.term import make

    return make(op, *args)


def _lift(x: Any) -> Term:
    from shrinkproof.kernel.term import lift

    return lift(x)


class Operators:
    """``+ - * / **`` build scalars and vectors (``+`` also indices); ``<= < >= >`` propositions."""

    __slots__ = ()
    sort: Any
    args: Any

    def __add__(self, other: Any) -> Term:
        if self.sort == "index":
            variable, offset = self.args
            return _make("ix", variable, offset + other)
        return _sum(self, _lift(other))

    def __radd__(self, other: Any) -> Term:
        return _sum(_lift(other), self)

    def __sub__(self, other: Any) -> Term:
        return _sum(self, -_lift(other))

    def __rsub__(self, other: Any) -> Term:
        return _sum(_lift(other), -self)

    def __neg__(self) -> Term:
        return _product(_lift(-1), self)

    def __mul__(self, other: Any) -> Term:
        return _product(self, _lift(other))

    def __rmul__(self, other: Any) -> Term:
        return _product(_lift(other), self)

    def __truediv__(self, other: Any) -> Term:
        divisor = _make("recip", _lift(other))
        return _product(divisor, self) if self.sort == "vector" else _product(self, divisor)

    def __rtruediv__(self, other: Any) -> Term:
        return _lift(other) / self

    def __pow__(self, exponent: int | Term) -> Term:
        return _make("pow" if isinstance(exponent, int) else "power", self, exponent)

    def __le__(self, other: Any) -> Term:
        return _make("le", self, _lift(other))

    def __lt__(self, other: Any) -> Term:
        return _make("lt", self, _lift(other))

    def __ge__(self, other: Any) -> Term:
        return _make("le", _lift(other), self)

    def __gt__(self, other: Any) -> Term:
        return _make("lt", _lift(other), self)


def _sum(a: Any, b: Any) -> Term:
    op = "vadd" if "vector" in (a.sort, b.sort) else "add"
    parts = [(t.args if t.op == op else (t,)) for t in (a, b)]
    return _make(op, *parts[0], *parts[1])


def _product(a: Any, b: Any) -> Term:
    if "vector" in (a.sort, b.sort):
        return _make("scale", *((b, a) if a.sort == "vector" else (a, b)))
    parts = [(t.args if t.op == "mul" else (t,)) for t in (a, b)]
    return _make("mul", *parts[0], *parts[1])

"""Terms: the language in which statements and proofs are written.

A term is a tuple ``(operator, *arguments)`` of terms, strings and integers, and nothing else:
a tuple cannot be changed after it is made, prints as data, and reads back without ``eval``.
``SIGNATURE`` lists every operator.  There is no numeral but the exact rational ``(rat, p, q)``.

Sorts: scalar, vector (of one abstract real inner-product space), index (a natural number
``variable + offset``), stage (what is known when a conditional expectation is taken) and prop.

Symbols carry what is known about their randomness.  Time k has two stages: ``(k, 0)``, the past
of step k, and ``(k, 1)``, the past together with the sample of step k.  A symbol's ``known`` is
``start`` (deterministic), ``past``, ``sample`` or ``next`` (determined at (k,0), (k,1), (k+1,0) for
the element k of a sequence), or ``never`` (any random variable whatever).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache
from typing import Any

SCALAR, VECTOR, INDEX, STAGE, PROP = "scalar", "vector", "index", "stage", "prop"
_INT, _NAME, _MANY = "int", "name", "many"

# operator -> (sort of the term, sorts of its arguments); (_MANY, s) is any number of s.
SIGNATURE: dict[str, tuple[str, tuple[Any, ...]]] = {
    "rat": (SCALAR, (_INT, _INT)),  # p/q in lowest terms, q > 0
    "sym": ("", (_NAME, _NAME, _NAME)),  # name, sort, known
    "at": ("", (_NAME, _NAME, _NAME, INDEX)),  # element of a sequence: name, sort, known, index
    "num": (SCALAR, (INDEX,)),  # an index used as a number
    "add": (SCALAR, ((_MANY, SCALAR),)),
    "mul": (SCALAR, ((_MANY, SCALAR),)),
    "pow": (SCALAR, (SCALAR, _INT)),  # exponent >= 0
    "recip": (SCALAR, (SCALAR,)),  # 1/x, and 0 at x = 0: nothing cancels until x is proved nonzero
    "inner": (SCALAR, (VECTOR, VECTOR)),
    "value": (SCALAR, (_NAME, VECTOR)),  # F(x), F differentiable with gradient "grad"
    "mean": (SCALAR, (STAGE, SCALAR)),  # E[X | stage]
    "sum": (SCALAR, (_NAME, INDEX, SCALAR)),  # variable from 0 below index
    "prod": (SCALAR, (_NAME, INDEX, SCALAR)),
    "power": (SCALAR, (SCALAR, INDEX)),  # symbolic natural exponent
    "max": (SCALAR, (SCALAR, SCALAR)),
    "named": (SCALAR, (_NAME, SCALAR)),  # an abbreviation; the kernel sees its body alone
    "zero": (VECTOR, ()),
    "vadd": (VECTOR, ((_MANY, VECTOR),)),
    "scale": (VECTOR, (SCALAR, VECTOR)),
    "grad": (VECTOR, (_NAME, VECTOR)),
    "oracle": (VECTOR, (_NAME, INDEX, VECTOR)),  # g(x; xi_k), known with the sample of step k
    "vmean": (VECTOR, (STAGE, VECTOR)),
    "ix": (INDEX, (_NAME, _INT)),  # variable ("" for none) + offset >= 0
    "stage": (STAGE, (INDEX, _INT)),
    "le": (PROP, (SCALAR, SCALAR)),
    "lt": (PROP, (SCALAR, SCALAR)),
    "eq": (PROP, (SCALAR, SCALAR)),
    "veq": (PROP, (VECTOR, VECTOR)),
    "forall": (PROP, ("variable", PROP)),  # variable: a sym, or an ix with offset 0
}
KNOWN = {"sym": ("start", "never"), "at": ("start", "past", "sample", "next")}
BINDERS = ("sum", "prod")


class TermError(ValueError):
    """A term that is not well formed, or a substitution that would capture a variable."""


class Term(tuple[Any, ...]):
    """One term.  ``+ - * / **`` build scalars and vectors; ``<= < >= >`` build propositions."""

    __slots__ = ()

    @property
    def op(self) -> str:
        return str(self[0])

    @property
    def args(self) -> tuple[Any, ...]:
        return tuple(self)[1:]

    @property
    def sort(self) -> str:
        return SIGNATURE[self[0]][0] or str(self[2])

    def __repr__(self) -> str:
        return f"make{tuple.__repr__(self)}"

    def __bool__(self) -> bool:
        raise TypeError("a term has no truth value; prove it, or compare terms with ==")

    def __add__(self, other: Any) -> Term:
        if self.sort == INDEX:
            return make("ix", self[1], self[2] + other)
        return _sum(self, lift(other))

    def __radd__(self, other: Any) -> Term:
        return _sum(lift(other), self)

    def __sub__(self, other: Any) -> Term:
        return _sum(self, -lift(other))

    def __rsub__(self, other: Any) -> Term:
        return _sum(lift(other), -self)

    def __neg__(self) -> Term:
        return lift(-1) * self

    def __mul__(self, other: Any) -> Term:
        return _product(self, lift(other))

    def __rmul__(self, other: Any) -> Term:
        return _product(lift(other), self)

    def __truediv__(self, other: Any) -> Term:
        return (
            make("recip", lift(other)) * self
            if self.sort == VECTOR
            else self * make("recip", lift(other))
        )

    def __rtruediv__(self, other: Any) -> Term:
        return lift(other) / self

    def __pow__(self, exponent: int | Term) -> Term:
        return make("pow" if isinstance(exponent, int) else "power", self, exponent)

    def __le__(self, other: Any) -> Term:  # type: ignore[override]
        return make("le", self, lift(other))

    def __lt__(self, other: Any) -> Term:  # type: ignore[override]
        return make("lt", self, lift(other))

    def __ge__(self, other: Any) -> Term:  # type: ignore[override]
        return make("le", lift(other), self)

    def __gt__(self, other: Any) -> Term:  # type: ignore[override]
        return make("lt", lift(other), self)


def make(op: str, *args: Any) -> Term:
    """The term ``(op, *args)``, refused with TermError unless it is well formed."""
    term = Term((op, *args))
    _check_node(term)
    return term


def lift(x: Any) -> Term:
    """A term as it is; an int or Fraction as the numeral for it; floats are refused."""
    if isinstance(x, Term):
        return x
    if isinstance(x, (int, Fraction)) and not isinstance(x, bool):
        return make("rat", x.numerator, x.denominator)
    raise TermError(f"expected a term or an exact rational, got {type(x).__name__} {x!r}")


def _sum(a: Term, b: Term) -> Term:
    op = "vadd" if VECTOR in (a.sort, b.sort) else "add"
    parts = [(t.args if t.op == op else (t,)) for t in (a, b)]
    return make(op, *parts[0], *parts[1])


def _product(a: Term, b: Term) -> Term:
    if a.sort == VECTOR or b.sort == VECTOR:
        return make("scale", *((b, a) if a.sort == VECTOR else (a, b)))
    parts = [(t.args if t.op == "mul" else (t,)) for t in (a, b)]
    return make("mul", *parts[0], *parts[1])


def _sort(t: Term) -> str | None:
    """The sort that a term claims; None where it is too malformed to claim one."""
    op = t[0] if len(t) else None
    if type(op) is not str or op not in SIGNATURE or (op in KNOWN and len(t) < 3):
        return None
    return t.sort


def _check_node(t: Term) -> None:
    """Check one node, given that its subterms are terms; their own nodes are checked apart."""
    if len(t) == 0 or type(t[0]) is not str or t[0] not in SIGNATURE:
        raise TermError(f"unknown operator in {tuple.__repr__(t)[:80]}")
    op, args = t[0], t.args
    wanted = SIGNATURE[op][1]
    if wanted and isinstance(wanted[0], tuple):
        wanted = (wanted[0][1],) * len(args)
    if len(args) != len(wanted):
        raise TermError(f"{op} takes {len(wanted)} arguments, got {len(args)}")
    for sort, x in zip(wanted, args, strict=True):
        if sort == _INT:
            good = type(x) is int
        elif sort == _NAME:
            good = type(x) is str
        elif sort == "variable":
            good = (
                type(x) is Term
                and _sort(x) is not None
                and (x[0] == "sym" or (x[0] == "ix" and tuple(x)[1] != "" and tuple(x)[2:] == (0,)))
            )
        else:
            good = type(x) is Term and _sort(x) == sort
        if not good:
            raise TermError(f"{op} wants a {sort}, got {x!r}")
    if op == "rat" and (args[1] <= 0 or Fraction(args[0], args[1]).denominator != args[1]):
        raise TermError(f"rat {args[0]}/{args[1]} is not in lowest terms")
    if op in KNOWN and (args[1] not in (SCALAR, VECTOR) or args[2] not in KNOWN[op]):
        raise TermError(f"{op} {args[0]!r}: sort {args[1]!r} or known {args[2]!r} is not allowed")
    if (op in ("pow", "ix") and args[1] < 0) or (op == "stage" and args[1] not in (0, 1)):
        raise TermError(f"{op} does not allow {args[1]}")
    if op not in ("rat", "ix", "stage", "pow", "zero", "add", "mul", "vadd") and args[0] == "":
        raise TermError(f"{op} needs a name")


@cache
def check(t: Term) -> Term:
    """The term itself, after checking every node of it; raises TermError."""
    if type(t) is not Term:
        raise TermError(f"expected a term, got {type(t).__name__}")
    _check_node(t)
    for x in t.args:
        if isinstance(x, tuple):
            check(x)
    return t


def subterms(t: Term) -> Iterator[Term]:
    yield t
    for x in t.args:
        if isinstance(x, Term):
            yield from subterms(x)


def bound(t: Term) -> str | None:
    """The name that this node binds in its last argument, if it binds one."""
    if t[0] in BINDERS:
        return str(t[1])
    return str(t[1][1]) if t[0] == "forall" else None


@cache
def free(t: Term) -> frozenset[tuple[str, ...]]:
    """Declarations of the free symbols: (name, kind, sort, known)."""
    if t[0] in ("sym", "at"):
        own = frozenset({(t[1], t[0], t[2], t[3])})
        return own | free(t[4]) if t[0] == "at" else own
    if t[0] == "ix":
        return frozenset({(t[1], "index", "", "")}) if t[1] else frozenset()
    found: frozenset[tuple[str, ...]] = frozenset()
    if t[0] in ("value", "grad", "oracle"):
        kind = "oracle" if t[0] == "oracle" else "function"
        found = frozenset({(t[1], kind, "", "")})
    name = bound(t)
    for x in t.args:
        if isinstance(x, Term):
            inner = free(x)
            if name is not None and x is t[-1]:
                inner = frozenset(d for d in inner if d[0] != name)
            elif t[0] == "forall":
                inner = frozenset()
            found |= inner
    return found


def free_names(t: Term) -> frozenset[str]:
    return frozenset(d[0] for d in free(t))


def _free_in(value: Term | tuple[str, Term]) -> frozenset[str]:
    return free_names(value) if isinstance(value, Term) else free_names(value[1]) - {value[0]}


def substitute(t: Term, mapping: Mapping[str, Term | tuple[str, Term]]) -> Term:
    """Put terms for free symbols; a pair (variable, body) stands for a whole sequence.

    Raises TermError where a bound variable would capture a free one.
    """
    mapping = {n: v for n, v in mapping.items() if n in free_names(t)}
    if not mapping:
        return t
    value: Any = mapping.get(t[1]) if t[0] in ("sym", "ix", "at") else None
    if t[0] == "sym":
        return value  # type: ignore[no-any-return]
    if t[0] == "ix":
        return make("ix", value[1], value[2] + t[2])
    if t[0] == "at" and value is not None:
        return substitute(value[1], {value[0]: substitute(t[4], mapping)})
    name = bound(t)
    if name is None:
        return make(t[0], *(substitute(x, mapping) if isinstance(x, Term) else x for x in t.args))
    body: Term = t[2] if t[0] == "forall" else t[3]
    inner = {n: v for n, v in mapping.items() if n != name and n in free_names(body)}
    for value in inner.values():
        if name in _free_in(value):
            raise TermError(f"variable capture: {name!r} is bound in the target")
    if t[0] == "forall":
        return make("forall", t[1], substitute(body, inner))
    return make(t[0], name, substitute(t[2], mapping), substitute(body, inner))

"""Words for building terms: what a theorem module writes its statement with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shrinkproof.kernel.term import SCALAR, VECTOR, Term, lift, make

ZERO = make("zero")


def parameter(name: str) -> Term:
    """A deterministic real number."""
    return make("sym", name, SCALAR, "start")


def quantity(name: str) -> Term:
    """Any real number whatever, random ones included."""
    return make("sym", name, SCALAR, "never")


def point(name: str) -> Term:
    """Any vector whatever, random ones included (for universally quantified points)."""
    return make("sym", name, VECTOR, "never")


def fixed_point(name: str) -> Term:
    """A deterministic vector."""
    return make("sym", name, VECTOR, "start")


def index(name: str, offset: int = 0) -> Term:
    """A natural number: a variable, or with the name "" a numeral."""
    return make("ix", name, offset)


def number(i: Term) -> Term:
    """An index used as a real number."""
    return make("num", i)


@dataclass(frozen=True)
class Sequence:
    """A sequence of scalars or vectors; ``known`` says which stage determines its element k."""

    name: str
    sort: str
    known: str

    def __getitem__(self, i: Term | int) -> Term:
        return make(
            "at", self.name, self.sort, self.known, i if isinstance(i, Term) else index("", i)
        )


@dataclass(frozen=True)
class Function:
    """A differentiable function on the inner-product space."""

    name: str

    def __call__(self, x: Term) -> Term:
        return make("value", self.name, x)

    def grad(self, x: Term) -> Term:
        return make("grad", self.name, x)


@dataclass(frozen=True)
class Oracle:
    """A random field x -> g(x; xi_k), drawn anew at each step k, known with that step's sample."""

    name: str

    def __call__(self, i: Term, x: Term) -> Term:
        return make("oracle", self.name, i, x)


def inner(u: Term, v: Term) -> Term:
    return make("inner", u, v)


def norm2(v: Term) -> Term:
    """The squared norm."""
    return make("inner", v, v)


def past(k: Term | int) -> Term:
    """What is known before step k takes its sample."""
    return make("stage", k if isinstance(k, Term) else index("", k), 0)


def sample(k: Term) -> Term:
    """The past of step k, and its sample."""
    return make("stage", k, 1)


def E(x: Term, given: Term | None = None) -> Term:
    """Conditional expectation of a scalar or a vector; of the whole process when given nothing."""
    return make("vmean" if x.sort == VECTOR else "mean", past(0) if given is None else given, x)


def Sum(k: Term, length: Term, body: Any) -> Term:
    """The sum of body over k = 0, ..., length - 1."""
    return make("sum", k[1], length, lift(body))


def Prod(k: Term, length: Term, body: Any) -> Term:
    """The product of body over k = 0, ..., length - 1."""
    return make("prod", k[1], length, lift(body))


def maximum(a: Any, b: Any) -> Term:
    return make("max", lift(a), lift(b))


def sqrt(x: Any) -> Term:
    """The nonnegative square root (0 for a negative x)."""
    return make("sqrt", lift(x))


def named(name: str, body: Term) -> Term:
    """An abbreviation: shown by its name, explained once, transparent to proofs."""
    return make("named", name, body)


def equal(a: Any, b: Any) -> Term:
    """An equation of scalars or of vectors."""
    a, b = lift(a), lift(b)
    return make("veq" if a.sort == VECTOR else "eq", a, b)


def forall(*parts: Term) -> Term:
    """``forall(x, y, P)``: P for all x and y."""
    *variables, prop = parts
    for x in reversed(variables):
        prop = make("forall", x, prop)
    return prop

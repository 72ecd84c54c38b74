"""Terms: the language in which statements and proofs are written.

A term is a tuple ``(operator, *arguments)`` of terms, strings and integers, and nothing else:
a tuple cannot be changed after it is made, prints as data, and reads back without ``eval``.
``SIGNATURE`` lists every operator.  There is no numeral but the exact rational ``(rat, p, q)``.

Sorts: scalar, vector (of one abstract real inner-product space), index (a natural number
``variable + offset``), stage (what is known when a conditional expectation is taken) and prop.

Symbols carry what is known about their randomness.  Time k has two stages: ``(k, 0)``, the past
of step k, and ``(k, 1)``, the past together with the sample of step k.  A symbol's ``known`` is
``start`` (deterministic), ``past``, ``sample`` or ``next`` (determined at (k,0), (k,1), (k+1,0) for
the element k of a sequence), or ``never`` (any random variable whatever).  At (0, 0) nothing
random is known: what is determined there, such as w_0, is deterministic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import cache, wraps
from math import gcd
from typing import Any, TypeVar

from shrinkproof.language.operators import Operators

SCALAR, VECTOR, INDEX, STAGE, PROP = "scalar", "vector", "index", "stage", "prop"
_INT, _NAME, _VARIABLE, _MANY = "int", "name", "variable", "many"
_SORTS, _TIMES = (SCALAR, VECTOR), ("start", "past", "sample", "next")

# operator -> (sort of the term, sorts of its arguments); _MANY, s is any number of s, and a tuple
# says that an argument is one of its entries.
SIGNATURE: dict[str, tuple[str, tuple[Any, ...]]] = {
    "rat": (SCALAR, (_INT, _INT)),  # p/q in lowest terms, q > 0
    "sym": ("", (_NAME, _SORTS, ("start", "never"))),  # name, sort, known
    "at": ("", (_NAME, _SORTS, _TIMES, INDEX)),  # element of a sequence: name, sort, known, index
    "num": (SCALAR, (INDEX,)),  # an index used as a number
    "add": (SCALAR, (_MANY, SCALAR)),
    "mul": (SCALAR, (_MANY, SCALAR)),
    "pow": (SCALAR, (SCALAR, _INT)),  # exponent >= 0
    "recip": (SCALAR, (SCALAR,)),  # 1/x, and 0 at x = 0: nothing cancels until x is proved nonzero
    "sqrt": (SCALAR, (SCALAR,)),  # the root >= 0 of x, and 0 for x < 0: see the rule "root"
    "inner": (SCALAR, (VECTOR, VECTOR)),
    "value": (SCALAR, (_NAME, VECTOR)),  # F(x), F differentiable with gradient "grad"
    "mean": (SCALAR, (STAGE, SCALAR)),  # E[X | stage]
    "sum": (SCALAR, (_NAME, INDEX, SCALAR)),  # variable from 0 below index
    "prod": (SCALAR, (_NAME, INDEX, SCALAR)),
    "power": (SCALAR, (SCALAR, INDEX)),  # symbolic natural exponent
    "max": (SCALAR, (SCALAR, SCALAR)),
    "named": (SCALAR, (_NAME, SCALAR)),  # an abbreviation; the kernel sees its body alone
    "zero": (VECTOR, ()),
    "vadd": (VECTOR, (_MANY, VECTOR)),
    "scale": (VECTOR, (SCALAR, VECTOR)),
    "grad": (VECTOR, (_NAME, VECTOR)),
    "oracle": (VECTOR, (_NAME, INDEX, VECTOR)),  # g(x; xi_k), known with the sample of step k
    "vmean": (VECTOR, (STAGE, VECTOR)),
    "ix": (INDEX, (_NAME, _INT)),  # variable ("" for none) + offset >= 0
    "stage": (STAGE, (INDEX, (0, 1))),
    "le": (PROP, (SCALAR, SCALAR)),
    "lt": (PROP, (SCALAR, SCALAR)),
    "eq": (PROP, (SCALAR, SCALAR)),
    "veq": (PROP, (VECTOR, VECTOR)),
    "forall": (PROP, (_VARIABLE, PROP)),  # variable: a sym, or an ix with offset 0
}
BINDERS = ("sum", "prod")
R = TypeVar("R")
FUNCTIONS = {"value": "function", "grad": "function", "oracle": "oracle"}


class TermError(ValueError):
    """A term that is not well formed, or a substitution that would capture a variable."""


class Term(Operators, tuple[Any, ...]):  # type: ignore[misc]  # <= builds a proposition
    """One term."""

    __slots__ = ()

    @property
    def op(self) -> str:
        return str(self[0])

    @property
    def args(self) -> tuple[Any, ...]:
        return self[1:]

    @property
    def sort(self) -> str:
        return SIGNATURE[self[0]][0] or str(self[2])

    def __repr__(self) -> str:
        return f"make{tuple.__repr__(self)}"

    def __bool__(self) -> bool:
        raise TypeError("a term has no truth value; prove it, or compare terms with ==")

    def __setattr__(self, *_: object) -> None:
        raise TypeError("a term cannot be changed")


def make(op: str, *args: Any) -> Term:
    """The term ``(op, *args)``, refused with TermError unless it is well formed."""
    return check(Term((op, *args)))


_numeral = cache(lambda p, q: make("rat", p, q))


def lift(x: Any) -> Term:
    """A term as it is; an int or Fraction as the numeral for it; floats are refused."""
    if isinstance(x, Term):
        return x
    if isinstance(x, (int, Fraction)) and not isinstance(x, bool):
        return _numeral(int(x.numerator), int(x.denominator))
    raise TermError(f"expected a term or an exact rational, got {type(x).__name__} {x!r}")


def minus(a: Term, b: Term) -> Term:
    """a - b, for scalars or vectors."""
    add, times = ("vadd", "scale") if VECTOR in (a.sort, b.sort) else ("add", "mul")
    return make(add, a, make(times, lift(-1), b))


def _fits(x: Any, sort: Any) -> bool:
    """Whether x, checked if it is a term, is what an operator wants in this place."""
    if type(x) is Term:
        if sort != _VARIABLE:
            return bool(x.sort == sort)
        return bool(x[0] == "sym" or (x[0] == "ix" and x[1] != "" and x[2] == 0))
    if isinstance(sort, tuple):  # one of these
        return type(x) is type(sort[0]) and x in sort
    return type(x) is {_INT: int, _NAME: str}.get(sort)


def _check_node(t: Term) -> None:
    """Check one node, given that its subterms are checked."""
    op, args = t[0], t.args
    wanted = SIGNATURE[op][1]
    if wanted[:1] == (_MANY,):
        wanted = wanted[1:] * len(args)
    if len(args) != len(wanted):
        raise TermError(f"{op} takes {len(wanted)} arguments, got {len(args)}")
    for sort, x in zip(wanted, args, strict=True):
        if not _fits(x, sort):
            raise TermError(f"{op} wants a {sort}, got {x!r}")
    if not (
        (op != "rat" or (args[1] > 0 and gcd(args[0], args[1]) == 1))
        and (op not in ("pow", "ix") or args[1] >= 0)
        and (op == "ix" or wanted[:1] != (_NAME,) or args[0] != "")
    ):
        raise TermError(f"{op} does not allow {args}")
    if op in BINDERS or op == "forall":
        (own,) = free(args[0]) if op == "forall" else [(args[0], "index", "", "")]
        if any(d[0] == own[0] and d != own for d in free(args[-1])):
            raise TermError(f"{op} binds {own[0]!r}, which its body uses as something else")


_checked: dict[int, Term] = {}


def check(t: Term) -> Term:
    """The term itself, after checking every node of it; raises TermError."""
    if type(t) is not Term:
        raise TermError(f"expected a term, got {type(t).__name__}")
    # Remembered by identity: a look-alike may lie about what it is equal to.
    if _checked.get(id(t)) is not t:
        if len(t) == 0 or type(t[0]) is not str or t[0] not in SIGNATURE:
            raise TermError(f"unknown operator in {tuple.__repr__(t)[:80]}")
        for x in t.args:
            if isinstance(x, tuple) and _checked.get(id(x)) is not x:
                check(x)  # type: ignore[arg-type]
        _check_node(t)
        _checked[id(t)] = t
    return t


def remembered(function: Callable[[Term], R]) -> Callable[[Term], R]:
    """A function of terms that computes each value once, for checked terms alone."""
    known = cache(function)
    return wraps(function)(lambda t: known(check(t)))


def subterms(t: Term) -> Iterator[Term]:
    todo = [t]
    while todo:
        yield (x := todo.pop())
        todo += [y for y in x[:0:-1] if isinstance(y, Term)]


def bound(t: Term) -> str | None:
    """The name that this node binds in its last argument, if it binds one."""
    if t[0] in BINDERS:
        return str(t[1])
    return str(t[1][1]) if t[0] == "forall" else None


@remembered
def free(t: Term) -> frozenset[tuple[str, ...]]:
    """Declarations of the free symbols: (name, kind, sort, known)."""
    own: set[tuple[str, ...]] = set()
    if t[0] in ("sym", "at"):
        own = {(t[1], t[0], t[2], t[3])}
    elif t[0] == "ix" and t[1]:
        own = {(t[1], "index", "", "")}
    elif t[0] in FUNCTIONS:
        own = {(t[1], FUNCTIONS[t[0]], "", "")}
    parts = [x for x in t.args[t[0] == "forall" :] if isinstance(x, Term)]
    for x in parts:
        own |= {d for d in free(x) if d[0] != bound(t) or x is not parts[-1]}
    return frozenset(own)


@remembered
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

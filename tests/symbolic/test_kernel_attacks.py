"""Attempts to prove what is false.  Each must be refused by the rule it abuses, and said so.

Beside each attack stands a nearby use that is right and must succeed, so that no attack is refused
for a silly reason.
"""

import ast
import copy
import dataclasses
import pickle
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pytest

import shrinkproof.kernel
from shrinkproof.kernel import (
    ProofError,
    Term,
    TermError,
    Theorem,
    assume,
    cases,
    combine,
    cut,
    expect,
    generalise,
    induct,
    instantiate,
    integrate,
    rewrite,
    root,
    rules,
    specialise,
    unfold,
)
from shrinkproof.kernel import normal as nf
from shrinkproof.kernel.term import SCALAR, VECTOR, lift, make
from shrinkproof.language.symbols import (
    ZERO,
    E,
    Function,
    Oracle,
    Prod,
    Sequence,
    Sum,
    equal,
    forall,
    index,
    inner,
    maximum,
    norm2,
    number,
    parameter,
    past,
    point,
    sample,
)


def random(name):
    """Any random number whatever."""
    return make("sym", name, SCALAR, "never")


a, b, c, t, x = (parameter(name) for name in "abctx")
X, Y, Z = random("X"), random("Y"), random("Z")
u, v, y, z = point("u"), point("v"), point("y"), point("z")
i, j, k, n = (index(name) for name in "ijkn")
zero, one, two = index(""), index("", 1), index("", 2)
d, q, s = (
    Sequence(*row)
    for row in (("d", SCALAR, "start"), ("q", SCALAR, "past"), ("s", SCALAR, "sample"))
)
w, g, eps = (
    Sequence(*row)
    for row in (("w", VECTOR, "past"), ("g", VECTOR, "sample"), ("eps", VECTOR, "next"))
)
F, oracle = Function("F"), Oracle("o")
FALSE = lift(0) <= -1

POSITIVE, NONNEGATIVE = assume(x > 0), assume(x >= 0)
SQUARE = combine(X**2 >= 0, [], [(1, [("square", X)])])
EQUATION, EQUAL_VECTORS = assume(equal(x, a)), assume(equal(u, v))
TRIVIAL = combine(lift(0) <= 0)
PULLED = combine(equal(E(a * X, past(k)), a * E(X, past(k))))  # for deterministic a
PULLED_AT = combine(equal(E(q[k] * X, past(k)), q[k] * E(X, past(k))))  # for a_k known in the past
REFLEXIVE = generalise(combine(x <= x), x)
# The names that canonical forms themselves use for bound variables.
OWN_INDEX = index(nf.canonical(Sum(i, n, d[i]))[1])
OWN_NUMBER = parameter(nf.canonical_prop(forall(x, x <= a))[1][1])


@dataclass(frozen=True)
class Attack:
    """``false`` must be refused by ``rule``, saying ``why``; ``true`` must not."""

    rule: str
    name: str
    why: str
    false: Callable[[], object]
    true: Callable[[], Theorem]


ATTACKS: list[Attack] = []


def attack(rule, name, why, false, true):
    ATTACKS.append(Attack(rule, name, why, false, true))


def claim(left, right):
    """An equation by the laws alone."""
    return lambda: combine(equal(left, right))


# In each row: what is false, then what is true.
# fmt: off

# assume

attack("assume", "a number", "wanted a prop",
       lambda: assume(x), lambda: assume(x <= 0))
attack("assume", "a plain tuple", "expected a term",
       lambda: assume(tuple(x <= 0)), lambda: assume(Term(x <= 0)))
attack("assume", "a float", "rat wants a int",
       lambda: assume(Term(("le", Term(("rat", 1.0, 1)), x))), lambda: assume(lift(1) <= x))
attack("assume", "True for 1, where 1 is known already", "rat wants a int",
       lambda: (assume(lift(1) <= x), assume(Term(("le", Term(("rat", True, 1)), x))))[1],
       lambda: assume(Term(("le", Term(("rat", 1, 1)), x))))
attack("assume", "a name that is no plain string", "sym wants a name",
       lambda: assume(Term(("le", Term(("sym", type("N", (str,), {})("x"), SCALAR, "start")), x))),
       lambda: assume(Term(("le", Term(("sym", "x", SCALAR, "start")), x))))
attack("assume", "a symbol declared in two ways", "declared in two ways",
       lambda: assume(x <= random("x")), lambda: assume(x <= random("X")))
attack("assume", "a sum over t of the number t", "'t'",
       lambda: assume(Term(("le", Term(("sum", "t", n, t)), lift(0)))),
       lambda: assume(Term(("le", Term(("sum", "i", n, t)), lift(0)))))
attack("assume", "a bound symbol used with another declaration", "'x'",
       lambda: assume(Term(("forall", random("x"), x <= 0))),
       lambda: assume(Term(("forall", x, x <= 0))))

# combine: signs

attack("combine", "a false number", "identity does not hold",
       lambda: combine(FALSE), lambda: combine(lift(0) <= 1, [], [(1, [])]))
attack("combine", "one is zero", "identity does not hold",
       claim(1, 0), claim(1, 1))
attack("combine", "a wrong multiplier", "identity does not hold",
       lambda: combine(2 * x <= 2 * a, [assume(x <= a)], [(3, [("gap", 0)])]),
       lambda: combine(2 * x <= 2 * a, [assume(x <= a)], [(2, [("gap", 0)])]))
attack("combine", "a negative weight", "has no sign",
       lambda: combine(a <= x, [assume(x <= a)], [(-1, [("gap", 0)])]),
       lambda: combine(x <= a, [assume(x <= a)], [(1, [("gap", 0)])]))
attack("combine", "a negative weight on a square", "has no sign",
       lambda: combine(x**2 <= 0, [], [(-1, [("square", x)])]),
       lambda: combine(x**2 >= 0, [], [(1, [("square", x)])]))
attack("combine", "two premises multiplied where one has no sign", "does not fit",
       lambda: combine(a * x <= 0, [EQUATION, NONNEGATIVE], [(1, [("gap", 0), ("gap", 1)])]),
       lambda: combine(x * x >= 0, [POSITIVE, NONNEGATIVE], [(1, [("gap", 0), ("gap", 1)])]))
attack("combine", "a float weight", "inexact",
       lambda: combine(lift(0) <= 1, [], [(1.0, [])]),
       lambda: combine(lift(0) <= 1, [], [(Fraction(1), [])]))
attack("combine", "an equation used as a gap", "does not fit",
       lambda: combine(x <= a, [EQUATION], [(1, [("gap", 0)])]),
       lambda: combine(x <= a, [EQUATION], [(1, [("times", 0, lift(1))])]))
attack("combine", "an inequality used as an equation", "does not fit",
       lambda: combine(x <= 0, [NONNEGATIVE], [(1, [("times", 0, lift(-1))])]),
       lambda: combine(x <= a, [EQUATION], [(-1, [("times", 0, lift(-1))])]))
attack("combine", "an equation from an inequality", "has no sign",
       lambda: combine(equal(0, x), [NONNEGATIVE], [(1, [("gap", 0)])]),
       lambda: combine(equal(x, a), [EQUATION], [(1, [("times", 0, lift(1))])]))
attack("combine", "a strict goal from a square", "strict goal",
       lambda: combine(x**2 > 0, [], [(1, [("square", x)])]),
       lambda: combine(x**2 > 0, [POSITIVE], [(1, [("gap", 0), ("gap", 0)])]))
attack("combine", "a strict goal from a product with one factor that may be 0", "strict goal",
       lambda: combine(lift(0) < x * x, [POSITIVE, NONNEGATIVE], [(1, [("gap", 0), ("gap", 1)])]),
       lambda: combine(2 * x > 0, [POSITIVE, NONNEGATIVE], [(1, [("gap", m)]) for m in (0, 1)]))
attack("combine", "a strict goal from nothing", "strict goal",
       lambda: combine(x < x), lambda: combine(x <= x))
attack("combine", "a quantified goal", "quantified",
       lambda: combine(forall(x, x <= 0)), lambda: combine(x <= x))
attack("combine", "a quantified premise", "wanted a premise",
       lambda: combine(x <= 0, [assume(forall(x, x <= 0))], [(1, [("gap", 0)])]),
       lambda: combine(x <= 0, [specialise(assume(forall(x, x <= 0)), x)], [(1, [("gap", 0)])]))

# combine: division

attack("combine", "x/x = 1", "identity does not hold",
       claim(x / x, 1), lambda: combine(equal(x / x, 1), [POSITIVE], nonzero=[0]))
attack("combine", "x/x = 1 for x >= 0", "not strict",
       lambda: combine(equal(x / x, 1), [NONNEGATIVE], nonzero=[0]),
       lambda: combine(equal(x / x, 1), [POSITIVE], nonzero=[0]))
attack("combine", "x/x = 1 for another positive number", "identity does not hold",
       lambda: combine(equal(x / x, 1), [assume(a > 0)], nonzero=[0]),
       lambda: combine(equal(a / a, 1), [assume(a > 0)], nonzero=[0]))
attack("combine", "x/x = 1 inside an expectation", "identity does not hold",
       lambda: combine(equal(E(X / X), 1), [assume(X > 0)], nonzero=[0]),
       lambda: expect(combine(equal(X / X, 1), [assume(X > 0)], nonzero=[0]), past(0)))
attack("combine", "1/(x + a) = 1/x + 1/a", "identity does not hold",
       claim(1 / (x + a), 1 / x + 1 / a), claim(1 / (x * a), 1 / x * (1 / a)))
attack("combine", "the reciprocal of what may be 0", "not strict",
       lambda: combine(1 / x >= 0, [NONNEGATIVE], [(1, [("recip", 0)])]),
       lambda: combine(1 / x > 0, [POSITIVE], [(1, [("recip", 0)])]))
attack("combine", "an inequality divided by what may be 0", "not strict",
       lambda: combine(a >= 0, [NONNEGATIVE, assume(x * a >= 0)], [(1, [("gap", 1)])], scale=[0]),
       lambda: combine(a >= 0, [POSITIVE, assume(x * a >= 0)], [(1, [("gap", 1)])], scale=[0]))

# combine: the certificate as data

attack("combine", "a premise that does not exist", "",
       lambda: combine(FALSE, [TRIVIAL], [(1, [("gap", 1)])]),
       lambda: combine(lift(0) <= 0, [TRIVIAL], [(1, [("gap", 0)])]))
attack("combine", "an unknown factor", "does not fit",
       lambda: combine(FALSE, [TRIVIAL], [(1, [("loss", 0)])]),
       lambda: combine(lift(0) <= 0, [TRIVIAL], [(1, [("gap", 0)])]))
attack("combine", "the square of an index", "",
       lambda: combine(lift(0) <= 0, [], [(1, [("square", k)])]),
       lambda: combine(number(k) ** 2 >= 0, [], [(1, [("square", number(k))])]))
attack("combine", "a vector equation times a number, in a scalar goal", "wanted a vector",
       lambda: combine(x <= a, [EQUAL_VECTORS], [(1, [("times", 0, x)])]),
       lambda: combine(equal(inner(y, u), inner(y, v)), [EQUAL_VECTORS], [(1, [("times", 0, y)])]))
attack("combine", "a vector equation times a vector, in a vector goal", "wanted a scalar",
       lambda: combine(equal(u, v), [EQUAL_VECTORS], [(1, [("times", 0, y)])]),
       lambda: combine(equal(x * u, x * v), [EQUAL_VECTORS], [(1, [("times", 0, x)])]))
attack("combine", "a vector equation from a square", "has no sign",
       lambda: combine(equal(u, ZERO), [], [(1, [("square", u)])]), claim(u - u, ZERO))
attack("combine", "an equation of numbers for vectors", "",
       lambda: combine(equal(u, v), [EQUATION], [(1, [("times", 0, lift(1))])]),
       lambda: combine(equal(u, v), [EQUAL_VECTORS], [(1, [("times", 0, lift(1))])]))
attack("combine", "something that is no theorem", "",
       lambda: combine(FALSE, [object.__new__(Theorem)], [(1, [("gap", 0)])]),
       lambda: combine(lift(0) <= 0, [TRIVIAL], [(1, [("gap", 0)])]))


class OneThenZero:
    """The place of one premise when its kind is asked for, of another when its gap is."""

    def __init__(self):
        self.asked = 0

    def __index__(self):
        self.asked += 1
        return int(self.asked == 2)


class SquareOrGap(str):
    """The word "gap", which denies that it is not "square"."""

    __slots__ = ()

    def __ne__(self, other):
        return other != "square" and str.__ne__(self, other)


STRICT, NOT_STRICT = combine(lift(0) < 1, [], [(1, [])]), TRIVIAL
attack("combine", "a place that changes between two looks", "",
       lambda: combine(lift(0) < 0, [STRICT, NOT_STRICT], [(1, [("gap", OneThenZero())])]),
       lambda: combine(lift(0) < 1, [STRICT, NOT_STRICT], [(1, [("gap", 0)])]))
attack("combine", "such a place under a word that is two words", "",
       lambda: combine(lift(0) < 0, [STRICT, NOT_STRICT],
                       [(1, [(SquareOrGap("gap"), OneThenZero())])]),
       lambda: combine(lift(0) < 1, [STRICT, NOT_STRICT], [(1, [("gap", 0)])]))

# combine: the laws of conditional expectation

attack("combine", "E[X^2] = (E X)^2", "identity does not hold",
       claim(E(X**2), E(X) ** 2), claim(E(a**2), E(a) ** 2))
attack("combine", "E[X Y] = E[X] E[Y]", "identity does not hold",
       claim(E(X * Y), E(X) * E(Y)), claim(E(E(X) * Y), E(X) * E(Y)))
attack("combine", "E[1/X] = 1/E[X]", "identity does not hold",
       claim(E(1 / X), 1 / E(X)), claim(E(1 / a), 1 / E(a)))
attack("combine", "a factor of the sample, pulled out of the past's mean", "identity does not hold",
       claim(E(s[k] * X, past(k)), s[k] * E(X, past(k))),
       claim(E(s[k] * X, sample(k)), s[k] * E(X, sample(k))))
attack("combine", "a predictable vector's successor, pulled out", "identity does not hold",
       claim(E(inner(w[k + 1], y), past(k)), inner(w[k + 1], E(y, past(k)))),
       claim(E(inner(w[k + 1], y), past(k + 1)), inner(w[k + 1], E(y, past(k + 1)))))
attack("combine", "the noise, pulled out of the sample's mean", "identity does not hold",
       claim(E(inner(eps[k], y), sample(k)), inner(eps[k], E(y, sample(k)))),
       claim(E(inner(eps[k], y), past(k + 1)), inner(eps[k], E(y, past(k + 1)))))
attack("combine", "an oracle's answer, pulled out of the past's mean", "identity does not hold",
       claim(E(x * oracle(k, w[k]), past(k)), x * oracle(k, w[k])),
       claim(E(x * oracle(k, w[k]), sample(k)), x * oracle(k, w[k])))
attack("combine", "w_1, pulled out of the mean at k, which may be 0", "identity does not hold",
       claim(E(q[1] * X, past(k)), q[1] * E(X, past(k))),
       claim(E(q[1] * X, past(k + 1)), q[1] * E(X, past(k + 1))))
attack("combine", "w_k, pulled out of the mean at 3", "identity does not hold",
       claim(E(q[k] * X, past(3)), q[k] * E(X, past(3))),
       claim(E(q[2] * X, past(3)), q[2] * E(X, past(3))))
attack("combine", "w_j, pulled out of the mean at k", "identity does not hold",
       claim(E(q[j] * X, past(k)), q[j] * E(X, past(k))),
       claim(E(d[j] * X, past(k)), d[j] * E(X, past(k))))
attack("combine", "a sum whose last element is too late", "identity does not hold",
       claim(E(Sum(i, n, q[i + 2]) * X, past(n)), Sum(i, n, q[i + 2]) * E(X, past(n))),
       claim(E(Sum(i, n, d[i]) * X, past(n)), Sum(i, n, d[i]) * E(X, past(n))))
attack("combine", "the tower, upside down", "identity does not hold",
       claim(E(E(X, past(k)), sample(k)), E(X, sample(k))),
       claim(E(E(X, sample(k)), past(k)), E(X, past(k))))
attack("combine", "the tower over unrelated times", "identity does not hold",
       claim(E(E(X, past(j)), past(k)), E(X, past(k))), claim(E(E(X, past(j))), E(X)))
attack("combine", "the tower through a square", "identity does not hold",
       claim(E(E(X, sample(k)) ** 2, past(k)), E(X * X, past(k))),
       claim(E(E(X, sample(k)) * s[k], past(k)), E(X * s[k], past(k))))
attack("combine", "F(E w) = E F(w)", "identity does not hold",
       claim(F(E(y)), E(F(y))), claim(F(w[0]), E(F(w[0]))))
attack("combine", "different functions", "identity does not hold",
       claim(F(y), Function("f")(y)), claim(F(y + u), F(u + y)))
attack("combine", "a sum over i of k, where k has a canonical name", "identity does not hold",
       claim(Sum(i, two, number(i)), Sum(i, two, number(OWN_INDEX))),
       claim(Sum(i, two, number(i)), Sum(OWN_INDEX, two, number(OWN_INDEX))))
attack("combine", "two nested sums with one variable", "identity does not hold",
       claim(Sum(i, n, Sum(j, n, d[i])), Sum(i, n, Sum(j, n, d[j]))),
       claim(Sum(i, n, Sum(j, n, d[i])), Sum(j, n, Sum(i, n, d[j]))))

# expect

attack("expect", "a strict premise", "wanted a premise",
       lambda: expect(POSITIVE, past(k)), lambda: expect(NONNEGATIVE, past(k)))
attack("expect", "a quantified premise", "wanted a premise",
       lambda: expect(assume(forall(x, x <= 0)), past(k)), lambda: expect(assume(x <= 0), past(k)))
attack("expect", "a time that is no stage", "wanted a stage",
       lambda: expect(SQUARE, k), lambda: expect(SQUARE, past(k)))
attack("expect", "a square of an expectation", "the goal is not",
       lambda: expect(combine(X**2 <= X**2), past(0), E(X**2) <= E(X) ** 2),
       lambda: expect(combine((X - E(X)) ** 2 >= 0, [], [(1, [("square", X - E(X))])]), past(0),
                      E(X) ** 2 <= E(X**2)))
attack("expect", "a sample-dependent factor, pulled out", "the goal is not",
       lambda: expect(combine(equal(s[k] * X, s[k] * X)), past(k),
                      equal(E(s[k] * X, past(k)), s[k] * E(X, past(k)))),
       lambda: expect(combine(equal(q[k] * X, q[k] * X)), past(k),
                      equal(E(q[k] * X, past(k)), q[k] * E(X, past(k)))))
attack("expect", "a goal at another time", "the goal is not",
       lambda: expect(SQUARE, past(k), E(X**2, past(k + 1)) >= 0),
       lambda: expect(SQUARE, past(k), E(X**2, past(k)) >= 0))
attack("expect", "the goal turned round", "the goal is not",
       lambda: expect(SQUARE, past(k), E(X**2, past(k)) <= 0),
       lambda: expect(SQUARE, past(k), -E(X**2, past(k)) <= 0))

# specialise

ALL = assume(forall(x, x <= a))
attack("specialise", "what is not quantified", "not quantified",
       lambda: specialise(NONNEGATIVE, a), lambda: specialise(ALL, a))
attack("specialise", "more values than quantifiers", "not quantified",
       lambda: specialise(ALL, a, b), lambda: specialise(assume(forall(x, c, x <= c)), a, b))
attack("specialise", "a random number for a deterministic one", "is deterministic",
       lambda: specialise(generalise(PULLED, a), X), lambda: specialise(generalise(PULLED, a), b))
attack("specialise", "a number known at k for a deterministic one", "is deterministic",
       lambda: specialise(generalise(PULLED, a), q[k]),
       lambda: specialise(generalise(PULLED, a), d[k]))
attack("specialise", "a vector for a number", "wanted a scalar",
       lambda: specialise(ALL, u), lambda: specialise(ALL, norm2(w[0])))
attack("specialise", "an index for any random number", "",
       lambda: specialise(assume(forall(X, a >= X)), k),
       lambda: specialise(assume(forall(X, a >= X)), number(k)))
attack("specialise", "a number for an index", "wanted a index",
       lambda: specialise(assume(forall(k, d[k] <= a)), x),
       lambda: specialise(assume(forall(k, d[k] <= a)), n + 3))
attack("specialise", "capture by a sum", "variable capture",
       lambda: specialise(assume(forall(x, Sum(i, n, x) <= a)), number(i)),
       lambda: specialise(assume(forall(x, Sum(i, n, x) <= a)), number(j)))
attack("specialise", "capture by a quantifier", "variable capture",
       lambda: specialise(assume(forall(x, b, x <= b)), b + 1),
       lambda: specialise(assume(forall(x, b, x <= b)), c + 1))

# generalise

attack("generalise", "a hypothesis mentions it", "a hypothesis mentions",
       lambda: generalise(assume(x <= 0), x), lambda: generalise(assume(a <= 0), x))
attack("generalise", "a hypothesis mentions the index", "a hypothesis mentions",
       lambda: generalise(assume(d[k] <= 0), k), lambda: generalise(assume(d[j] <= 0), k))
attack("generalise", "a sequence", "wants a variable",
       lambda: generalise(PULLED_AT, q[k]), lambda: generalise(PULLED_AT, k))
attack("generalise", "an index with an offset", "wants a variable",
       lambda: generalise(PULLED_AT, k + 1), lambda: generalise(PULLED_AT, k))
attack("generalise", "a deterministic number, as if it were any random one", "",
       lambda: specialise(generalise(PULLED, random("a")), X),
       lambda: specialise(generalise(PULLED, a), b))
attack("generalise", "a sequence's name, as if it were a number's", "",
       lambda: specialise(generalise(PULLED_AT, random("q")), 1 / X),
       lambda: specialise(generalise(PULLED_AT, X), 1 / Y))

# instantiate


class TwoFaced(tuple):
    """A pair that is one thing to its indices and another to a loop."""

    def __iter__(self):
        return iter(("k", X))


attack("instantiate", "a symbol that does not occur", "no symbol",
       lambda: instantiate(PULLED, {"b": x}), lambda: instantiate(PULLED, {"a": x}))
attack("instantiate", "a random number for a deterministic one", "is deterministic",
       lambda: instantiate(PULLED, {"a": X}), lambda: instantiate(PULLED, {"a": E(X)}))
attack("instantiate", "a mean given the past of k for a deterministic number", "is deterministic",
       lambda: instantiate(PULLED, {"a": E(X, past(k))}), lambda: instantiate(PULLED, {"a": E(X)}))
attack("instantiate", "an element of the sample for one of the past", "known later",
       lambda: instantiate(PULLED_AT, {"q": ("k", s[k])}),
       lambda: instantiate(PULLED_AT, {"q": ("k", E(s[k], past(k)))}))
attack("instantiate", "the next element for this one", "known later",
       lambda: instantiate(PULLED_AT, {"q": ("k", Sequence("p", SCALAR, "past")[k + 1])}),
       lambda: instantiate(PULLED_AT, {"q": ("k", Sequence("p", SCALAR, "past")[k])}))
attack("instantiate", "an element at another time", "known later",
       lambda: instantiate(PULLED_AT, {"q": ("i", norm2(w[j]))}),
       lambda: instantiate(PULLED_AT, {"q": ("i", norm2(w[i]))}))
attack("instantiate", "a sum up to this time, last element and all", "known later",
       lambda: instantiate(PULLED_AT, {"q": ("k", Sum(i, k + 2, norm2(w[i])))}),
       lambda: instantiate(PULLED_AT, {"q": ("k", Sum(i, k + 2, d[i]))}))
attack("instantiate", "a random sequence for a scheduled one", "known later",
       lambda: instantiate(assume(d[k] <= 0), {"d": ("k", q[k])}),
       lambda: instantiate(assume(q[k] <= 0), {"q": ("k", d[k])}))
attack("instantiate", "a two-faced pair", "",
       lambda: instantiate(PULLED_AT, {"q": TwoFaced(("k", lift(1)))}),
       lambda: instantiate(PULLED_AT, {"q": ("k", lift(1))}))
attack("instantiate", "a term for a sequence", "takes no such term",
       lambda: instantiate(PULLED_AT, {"q": make("recip", x)}),
       lambda: instantiate(PULLED_AT, {"q": ("k", 1 / x)}))
attack("instantiate", "a function", "takes no such term",
       lambda: instantiate(assume(F(y) <= 0), {"F": ("k", x)}),
       lambda: instantiate(assume(F(y) <= 0), {"y": u}))
attack("instantiate", "a vector for a number", "wanted a scalar",
       lambda: instantiate(PULLED, {"a": u}), lambda: instantiate(PULLED, {"a": norm2(w[0])}))
attack("instantiate", "a malformed term for any random number", "",
       lambda: instantiate(assume(X <= 0), {"X": Term(("recip", Term(("rat", 1.0, 1))))}),
       lambda: instantiate(assume(X <= 0), {"X": Term(("recip", Term(("rat", 1, 1))))}))
attack("instantiate", "capture by a sum", "variable capture",
       lambda: instantiate(assume(Sum(i, n, x) <= a), {"x": number(i)}),
       lambda: instantiate(assume(Sum(i, n, x) <= a), {"x": number(n)}))
attack("instantiate", "capture of a sequence's other index", "variable capture",
       lambda: instantiate(assume(Sum(i, n, d[i]) <= a), {"d": ("k", number(k) - number(i))}),
       lambda: instantiate(assume(Sum(i, n, d[i]) <= a), {"d": ("i", number(i) - number(k))}))
attack("instantiate", "two declarations of one name", "declared in two ways",
       lambda: instantiate(assume(x >= X), {"X": random("x")}),
       lambda: instantiate(assume(x >= X), {"X": random("Y")}))

# induct

BELOW = forall(k, number(k) <= a)
BELOW_0 = assume(number(zero) <= a)
HALF = assume(forall(k, number(k + 1) <= a))
STEP = specialise(HALF, k)


def step_under(condition):
    """The step, resting on a condition that it does not need."""
    return combine(number(k + 1) <= a, [STEP, assume(condition)], [(1, [("gap", 0)])])


attack("induct", "a base at 1", "the base does not prove",
       lambda: induct(assume(number(one) <= a), STEP, BELOW), lambda: induct(BELOW_0, STEP, BELOW))
attack("induct", "a step that stands still", "the step does not prove",
       lambda: induct(BELOW_0, assume(number(k) <= a), BELOW), lambda: induct(BELOW_0, STEP, BELOW))
attack("induct", "a step of two", "the step does not prove",
       lambda: induct(BELOW_0, specialise(HALF, k + 1), BELOW),
       lambda: induct(BELOW_0, STEP, BELOW))
attack("induct", "a step that assumes what it proves", "mentions 'k'",
       lambda: induct(BELOW_0, assume(number(k + 1) <= a), BELOW),
       lambda: induct(BELOW_0, STEP, BELOW))
attack("induct", "a step under a condition on k", "mentions 'k'",
       lambda: induct(BELOW_0, step_under(d[k] <= 0), BELOW),
       lambda: induct(BELOW_0, step_under(d[j] <= 0), BELOW))
attack("induct", "over a real number", "not quantified over an index",
       lambda: induct(BELOW_0, STEP, forall(x, x <= a)), lambda: induct(BELOW_0, STEP, BELOW))
attack("induct", "over nothing", "not quantified over an index",
       lambda: induct(BELOW_0, STEP, number(k) <= a), lambda: induct(BELOW_0, STEP, BELOW))

# unfold

attack("unfold", "a sum that may be empty", "may be 0",
       lambda: unfold(Sum(i, n, d[i])), lambda: unfold(Sum(i, n + 1, d[i])))
attack("unfold", "a product that may be empty", "may be 0",
       lambda: unfold(Prod(i, n, d[i])), lambda: unfold(Prod(i, zero, d[i])))
attack("unfold", "a power that may be 1", "may be 0",
       lambda: unfold(x**n), lambda: unfold(x**two))
attack("unfold", "a mean", "no defining fact",
       lambda: unfold(E(X)), lambda: unfold(number(k)))
attack("unfold", "a third side of a maximum", "no defining fact",
       lambda: unfold(maximum(a, b), 2), lambda: unfold(maximum(a, b), 1))
attack("unfold", "capture of the last index", "variable capture",
       lambda: unfold(Sum(i, j + 1, Sum(j, n, d[i]))),
       lambda: unfold(Sum(i, k + 1, Sum(j, n, d[i]))))
attack("unfold", "a vector", "wanted a scalar",
       lambda: unfold(u), lambda: unfold(number(two)))

# integrate


def slope(bound, *, hypotheses=(), at=u + t * v, along=v, function=F):
    """<grad F(at), along> <= bound, assumed for all t at once unless hypotheses are given."""
    premise = inner(function.grad(at), along) <= bound
    if not hypotheses:
        return specialise(assume(forall(t, premise)), t)
    extra = [assume(h) for h in hypotheses]
    return combine(
        premise, [slope(bound, at=at, along=along, function=function), *extra], [(1, [("gap", 0)])]
    )


rise = F(u + v) - F(u)
LINEAR = slope(2 * a * t)
attack("integrate", "a wrong integral", "not the integrated",
       lambda: integrate(LINEAR, t, u, v, "F", rise <= a / 2),
       lambda: integrate(LINEAR, t, u, v, "F", rise <= a))
attack("integrate", "a hypothesis on t", "occurs outside",
       lambda: integrate(slope(a, hypotheses=[t <= a]), t, u, v, "F", rise <= a),
       lambda: integrate(slope(a, hypotheses=[t > 0, t < 1]), t, u, v, "F", rise <= a))
attack("integrate", "t in the starting point", "occurs outside",
       lambda: integrate(slope(a, at=t * u + t * v), t, t * u, v, "F",
                         F(t * u + v) - F(t * u) <= a),
       lambda: integrate(slope(a, at=x * u + t * v), t, x * u, v, "F",
                         F(x * u + v) - F(x * u) <= a))
attack("integrate", "t in the direction", "occurs outside",
       lambda: integrate(slope(a, at=u + t * t * v, along=t * v), t, u, t * v, "F", rise <= a),
       lambda: integrate(slope(a, at=u + t * x * v, along=x * v), t, u, x * v, "F",
                         F(u + x * v) - F(u) <= a))
attack("integrate", "a bound with 1/t", "not a polynomial",
       lambda: integrate(slope(a / t), t, u, v, "F", rise <= a),
       lambda: integrate(slope(a / x), t, u, v, "F", rise <= a / x))
attack("integrate", "a bound with t hidden in F", "not a polynomial",
       lambda: integrate(slope(F(t * u)), t, u, v, "F", rise <= F(t * u)),
       lambda: integrate(slope(F(x * u)), t, u, v, "F", rise <= F(x * u)))
attack("integrate", "a symbolic power of t", "not a polynomial",
       lambda: integrate(slope(t**n), t, u, v, "F", rise <= t**n / 2),
       lambda: integrate(slope(t**3), t, u, v, "F", rise <= lift(Fraction(1, 4))))
attack("integrate", "another function", "not the slope",
       lambda: integrate(LINEAR, t, u, v, "f", Function("f")(u + v) - Function("f")(u) <= a),
       lambda: integrate(LINEAR, t, u, v, "F", rise <= a))
attack("integrate", "another segment", "not the slope",
       lambda: integrate(LINEAR, t, u, y, "F", F(u + y) - F(u) <= a),
       lambda: integrate(LINEAR, t, u, v, "F", rise <= a))
attack("integrate", "over a random number", "not a deterministic",
       lambda: integrate(LINEAR, X, u, v, "F", rise <= a),
       lambda: integrate(LINEAR, t, u, v, "F", rise <= a))
attack("integrate", "a lower bound as if an upper one", "not the slope",
       lambda: integrate(specialise(assume(forall(t, a <= inner(F.grad(u + t * v), v))), t),
                         t, u, v, "F", rise <= a),
       lambda: integrate(slope(a), t, u, v, "F", rise <= a))

# rewrite

KNOWN = assume(equal(q[k], X))  # an equation with a random variable that no stage determines
attack("rewrite", "a left side that is no atom", "not an atom",
       lambda: rewrite(assume(x + a <= b), assume(equal(x + a, c)), c <= b),
       lambda: rewrite(assume(x + a <= b), assume(equal(x, c)), c + a <= b))
attack("rewrite", "right for left", "still differ",
       lambda: rewrite(assume(a <= b), EQUATION, x <= c),
       lambda: rewrite(assume(a <= b), EQUATION, x <= b))
attack("rewrite", "a goal of another form", "another form",
       lambda: rewrite(assume(x <= b), EQUATION, a < b),
       lambda: rewrite(assume(x <= b), EQUATION, a <= b))
attack("rewrite", "by an inequality", "wanted a premise",
       lambda: rewrite(assume(x <= b), NONNEGATIVE, lift(0) <= b),
       lambda: rewrite(assume(x <= b), EQUATION, a <= b))
attack("rewrite", "under a quantifier", "wanted a premise",
       lambda: rewrite(ALL, EQUATION, forall(x, x <= x)),
       lambda: rewrite(specialise(ALL, x), EQUATION, a <= a))
attack("rewrite", "capture by a sum", "variable capture",
       lambda: rewrite(assume(Sum(i, n, x) <= 0), assume(equal(x, number(OWN_INDEX))),
                       Sum(OWN_INDEX, n, number(OWN_INDEX)) <= 0),
       lambda: rewrite(assume(Sum(i, n, x) <= 0), assume(equal(x, number(i))),
                       Sum(j, n, number(i)) <= 0))
attack("rewrite", "what no stage determines, then pulled out", "still differ",
       lambda: rewrite(combine(equal(E(Y * X, past(k)), E(Y * X, past(k)))), KNOWN,
                       equal(E(Y * X, past(k)), X * E(Y, past(k)))),
       lambda: rewrite(combine(equal(E(Y * q[k], past(k)), q[k] * E(Y, past(k)))), KNOWN,
                       equal(q[k] * E(Y, past(k)), X * E(Y, past(k)))))

# cut

attack("cut", "a lemma that is no hypothesis", "not a hypothesis",
       lambda: cut(TRIVIAL, POSITIVE), lambda: cut(assume(x > 0), POSITIVE))
attack("cut", "a weaker lemma", "not a hypothesis",
       lambda: cut(NONNEGATIVE, POSITIVE), lambda: cut(POSITIVE, POSITIVE))
attack("cut", "a hypothesis discharged before", "not a hypothesis",
       lambda: cut(TRIVIAL, cut(TRIVIAL, assume(lift(0) <= 0))),
       lambda: cut(TRIVIAL, assume(lift(0) <= 0)))
attack("cut", "x <= x for x <= y, with the canonical form's own name for y", "not a hypothesis",
       lambda: cut(REFLEXIVE, specialise(assume(forall(x, x <= OWN_NUMBER)), OWN_NUMBER + 1)),
       lambda: cut(REFLEXIVE, specialise(assume(forall(b, b <= b)), OWN_NUMBER + 1)))
attack("cut", "a lemma on deterministic numbers for all random ones", "not a hypothesis",
       lambda: cut(assume(forall(x, x <= 0)), assume(forall(X, X <= 0))),
       lambda: cut(assume(forall(Y, Y <= 0)), assume(forall(X, X <= 0))))

# root

attack("root", "a number of unknown sign", "wanted a premise",
       lambda: root(assume(equal(x, x))), lambda: root(assume(x >= 0)))
attack("root", "a negative number", "not of the form 0 <= x",
       lambda: root(assume(x <= 0)), lambda: root(assume(-x >= 0)))
attack("root", "a number above another one", "not of the form 0 <= x",
       lambda: root(assume(x >= -1)), lambda: root(assume(x + 1 >= 0)))
attack("root", "all numbers at once", "wanted a premise",
       lambda: root(assume(forall(x, x >= 0))),
       lambda: root(specialise(assume(forall(x, x >= 0)), a)))
attack("root", "a proposition that is not proved", "not a theorem",
       lambda: root(x >= 0), lambda: root(assume(x > 0)))
attack("root", "a vector", "wanted a premise",
       lambda: root(assume(equal(ZERO, u))), lambda: root(assume(norm2(u) >= 0)))

# cases

EITHER = (assume(x <= 0), assume(x <= 0))
attack("cases", "random numbers", "not deterministic",
       lambda: cases(*EITHER, X, Y), lambda: cases(*EITHER, a, b))
attack("cases", "a mean that is random itself", "not deterministic",
       lambda: cases(*EITHER, E(X, past(k)), a), lambda: cases(*EITHER, E(X), a))
attack("cases", "an element of a random sequence", "not deterministic",
       lambda: cases(*EITHER, a, q[k]), lambda: cases(*EITHER, a, d[k]))
attack("cases", "two different conclusions", "prove different things",
       lambda: cases(POSITIVE, NONNEGATIVE, a, b), lambda: cases(POSITIVE, POSITIVE, a, b))
attack("cases", "vectors", "wanted a scalar",
       lambda: cases(*EITHER, u, v), lambda: cases(*EITHER, norm2(w[0]), a))


# fmt: on


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda a: f"{a.rule}: {a.name}")
def test_refused_beside_a_use_that_is_right(attack):
    assert type(attack.true()) is Theorem
    with pytest.raises(ProofError) as refusal:
        attack.false()
    assert str(refusal.value).startswith(f"{attack.rule}: ")
    assert attack.why in str(refusal.value)


def rules_of_the_docstring():
    """The signature on top of rules.py, less what makes no theorem."""
    names = re.findall(r"^    ([a-z]+) +\(", rules.__doc__, flags=re.MULTILINE)
    return [name for name in names if name != "assumptions"]


def test_there_are_several_attacks_on_every_rule():
    counts = Counter(attack.rule for attack in ATTACKS)
    assert set(counts) == set(rules_of_the_docstring())
    assert min(counts.values()) >= 5 and sum(counts.values()) >= 60
    assert len({(attack.rule, attack.name) for attack in ATTACKS}) == len(ATTACKS)


# What is allowed, and must not prove more than it says.


def proved(theorem):
    return theorem.hypotheses, theorem.conclusion


def test_hypotheses_are_those_that_were_used():
    theorem = combine(
        x + a <= 0, [assume(x <= 0), assume(a <= 0)], [(1, [("gap", i)]) for i in (0, 1)]
    )
    assert theorem.hypotheses == {x <= 0, a <= 0}
    assert generalise(theorem, b).hypotheses == theorem.hypotheses
    assert instantiate(theorem, {"x": b}).hypotheses == {b <= 0, a <= 0}
    assert cut(assume(x <= 0), theorem).hypotheses == theorem.hypotheses


def test_a_case_that_is_not_the_other_one_stays_a_hypothesis():
    theorem = cases(assume(a <= b), cut(assume(a <= b), assume(a <= b)), a, b)
    assert theorem.hypotheses == {a <= b}
    assert cases(assume(x <= 0), assume(x <= 0), a, b).hypotheses == {x <= 0}


def test_the_induction_hypothesis_of_the_base_stays():
    theorem = induct(cut(BELOW_0, BELOW_0), STEP, BELOW)
    assert theorem.hypotheses == {number(zero) <= a, HALF.conclusion}


class Fickle(list):
    """Premises that are there for the first reading and gone at the next."""

    def __init__(self, items):
        super().__init__(items)
        self.readings = 0

    def __iter__(self):
        self.readings += 1
        return iter(list.__iter__(self) if self.readings < 2 else ())


def test_premises_that_vanish_leave_their_hypotheses():
    theorem = combine(FALSE, Fickle([assume(FALSE)]), [(1, [("gap", 0)])])
    assert proved(theorem) == ({FALSE}, FALSE)


def test_products_that_remove_the_premises_leave_their_hypotheses():
    premises = [assume(FALSE)]

    def products():
        yield 1, [("gap", 0)]
        premises.clear()

    assert proved(combine(FALSE, premises, products())) == ({FALSE}, FALSE)


class FickleValues(dict):
    """A mapping that shows one value when it is checked and another when it is used."""

    def __init__(self, shown, used):
        super().__init__(used)
        self.shown = shown

    def items(self):
        shown, self.shown = self.shown, dict(self)
        return shown.items()


def test_values_that_change_are_not_used():
    with pytest.raises(ProofError, match=r"^instantiate: 'a' is deterministic"):
        instantiate(PULLED, FickleValues({"a": lift(1)}, {"a": X}))


# Forged theorems.


def test_no_theorem_without_a_rule():
    with pytest.raises(TypeError, match="made by the rules"):
        Theorem()
    with pytest.raises(TypeError, match="made by the rules"):
        Theorem(frozenset(), FALSE)
    with pytest.raises(TypeError, match="cannot be subclassed"):
        type("Mine", (Theorem,), {})


def blank():
    return object.__new__(Theorem)


def shielded():
    """A subclass that keeps Theorem's refusal from being called."""
    shield = type("Shield", (), {"__slots__": (), "__init_subclass__": lambda *_: None})
    mine = type("Mine", (shield, Theorem), {"__slots__": (), "conclusion": FALSE, "hypotheses": ()})
    return object.__new__(mine)


def look_alike():
    return type("Theorem", (), {"conclusion": FALSE, "hypotheses": frozenset()})()


def disguised():
    """An object of another class that turns into a Theorem later."""
    theorem = type("Blank", (), {"__slots__": ("__weakref__",)})()
    theorem.__class__ = Theorem
    return theorem


@pytest.mark.parametrize("forge", [blank, shielded, look_alike, disguised, lambda: TRIVIAL.step])
def test_a_forged_theorem_is_no_premise(forge):
    forged = forge()
    for rule, use in {
        "combine": lambda: combine(FALSE, [forged], [(1, [("gap", 0)])]),
        "expect": lambda: expect(forged, past(k)),
        "specialise": lambda: specialise(forged, x),
        "generalise": lambda: generalise(forged, x),
        "instantiate": lambda: instantiate(forged, {}),
        "induct": lambda: induct(BELOW_0, forged, BELOW),
        "integrate": lambda: integrate(forged, t, u, v, "F", rise <= a),
        "rewrite": lambda: rewrite(TRIVIAL, forged, lift(0) <= 0),
        "cut": lambda: cut(forged, POSITIVE),
        "cases": lambda: cases(forged, forged, a, b),
    }.items():
        with pytest.raises(ProofError) as refusal:
            use()
        assert str(refusal.value).startswith(f"{rule}: ")


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy])
def test_a_copy_is_the_theorem_or_none(duplicate):
    try:
        assert duplicate(TRIVIAL) is TRIVIAL
    except TypeError as refusal:
        assert "Theorem" in str(refusal)


def test_theorems_do_not_pickle():
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError):
            pickle.dumps(TRIVIAL, protocol)


@pytest.mark.parametrize("name", ["conclusion", "hypotheses", "step", "anything"])
def test_a_theorem_cannot_be_changed(name):
    with pytest.raises((AttributeError, TypeError)):
        setattr(TRIVIAL, name, FALSE)
    with pytest.raises((AttributeError, TypeError)):
        object.__setattr__(TRIVIAL, name, FALSE)
    with pytest.raises(AttributeError):
        TRIVIAL.hypotheses.add(FALSE)


def test_a_changed_step_changes_no_theorem():
    theorem = combine(lift(0) <= 1, [], [(1, [])])
    dataclasses.replace(theorem.step, rule="assume", premises=(blank(),))
    with pytest.raises(dataclasses.FrozenInstanceError):
        theorem.step.rule = "assume"
    object.__setattr__(theorem.step, "data", (("conclusion", FALSE),))
    assert proved(theorem) == (frozenset(), lift(0) <= 1)


def test_a_changed_record_of_values_changes_no_theorem():
    theorem = instantiate(PULLED, {"a": b})
    for _, value in theorem.step.data:
        if isinstance(value, dict):
            value["a"] = X
    assert proved(theorem) == proved(instantiate(PULLED, {"a": b}))


def test_nothing_but_the_rules_names_their_private_part():
    """Python keeps no secrets; that nobody tells is checked here."""
    kernel = Path(shrinkproof.kernel.__file__).parent
    private = {"_mint", "_read", "_table", "_passed"}
    for folder in {kernel.parents[2] / name for name in ("symbolic", "proofs", "numeric_checks")}:
        for path in folder.rglob("*.py"):
            if path.parent == kernel:
                continue
            tree = ast.parse(path.read_text(encoding="utf-8"))
            names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
            names |= {
                alias.name
                for node in ast.walk(tree)
                if isinstance(node, ast.ImportFrom)
                for alias in node.names
            }
            assert not names & private, path


# Forged terms, and memory that remembers them.


class Liar(str):
    """A declaration that is equal to "never" and to "start" alike."""

    __slots__ = ()

    def __eq__(self, other):
        return other in ("never", "start")

    def __ne__(self, other):
        return not self == other

    def __hash__(self):
        return hash("never")


def sure_of_everything(truth):
    """A class of terms that are equal to one given term, whatever they hold."""
    return type(
        "Sure",
        (Term,),
        {
            "__slots__": (),
            "__eq__": lambda self, other: other == tuple(truth),
            "__hash__": lambda self: hash(tuple(truth)),
        },
    )


def test_a_lying_declaration_is_refused_and_not_remembered():
    honest = random("R")
    assume(honest <= 0)
    lying = Term(("sym", "R", SCALAR, Liar("start")))
    cube = Term(("mean", past(k), Term(("pow", lying, 3))))
    with pytest.raises(ProofError, match=r"^combine: sym wants"):
        combine(Term(("le", cube, cube)))
    with pytest.raises(TermError):
        nf.needs(lying)
    with pytest.raises(ProofError, match=r"^combine: the identity"):
        combine(equal(E(honest**2, past(k)), honest * E(honest, past(k))))


@pytest.mark.parametrize("function", [nf.normal, nf.canonical, nf.needs, nf.key])
def test_normal_forms_remember_no_lie(function):
    truth = make("rat", 11, 13)
    with pytest.raises(TermError):
        function(sure_of_everything(truth)(("rat", 0, 1)))
    with pytest.raises(TermError):
        function(Term(("add", sure_of_everything(truth)(("rat", 0, 1)))))
    with pytest.raises(ProofError, match=r"^combine: the identity"):
        combine(equal(truth, 0))


def test_a_normal_form_handed_out_is_the_callers_own():
    goal = equal(0, parameter("one_of_many"))
    found = nf.normal(goal[2] - goal[1])
    with pytest.raises((AttributeError, ProofError)):
        found.clear()
        combine(goal)


def test_a_term_cannot_be_changed():
    conclusion = combine(lift(0) <= 1, [], [(1, [])]).conclusion
    lie = type(
        "Lie", (Term,), {"__slots__": (), "__getitem__": lambda self, at: FALSE.args[at - 1]}
    )
    with pytest.raises(TypeError, match="cannot be changed"):
        conclusion.__class__ = lie
    with pytest.raises(TypeError):
        conclusion[2] = lift(-1)
    with pytest.raises((AttributeError, TypeError)):
        conclusion.op = "lt"
    assert type(conclusion) is Term


def test_unbounded_depth_is_a_refusal():
    tower = x
    for _ in range(5000):
        tower = make("recip", tower)
    with pytest.raises(ProofError, match=r"^assume: "):
        assume(tower <= 0)

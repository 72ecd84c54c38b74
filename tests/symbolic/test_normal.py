"""The laws of normal.py against a finite probability space where every term has an exact value.

Four coins; stage (k, phase) sees the first 2k + phase of them.  A symbol's value is any number (or
vector of two numbers) that depends on the coins which its declaration lets it see.
"""

from fractions import Fraction
from itertools import product
from math import prod
from random import Random

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from shrinkproof.kernel import TermError
from shrinkproof.kernel import normal as nf
from shrinkproof.kernel.term import SCALAR, VECTOR, Term, lift, make
from shrinkproof.language.symbols import (
    ZERO,
    E,
    Function,
    Oracle,
    Sequence,
    index,
    inner,
    maximum,
    named,
    number,
    parameter,
    point,
)

COINS = 4
OUTCOMES = tuple(product((0, 1), repeat=COINS))
WEIGHTS = tuple(Fraction(1 + i % 3, 1 + i % 2) for i in range(len(OUTCOMES)))

a, b, x = parameter("a"), parameter("b"), parameter("x")
X, Y = make("sym", "X", SCALAR, "never"), make("sym", "Y", SCALAR, "never")
V, W = point("V"), point("W")
F = Function("F")
g = Oracle("g")
SCALARS = [Sequence(*row) for row in (("d", SCALAR, "start"), ("p", SCALAR, "past"))]
SCALARS += [Sequence(*row) for row in (("s", SCALAR, "sample"), ("n", SCALAR, "next"))]
VECTORS = [Sequence("w", VECTOR, "past"), Sequence("h", VECTOR, "sample")]
d, p, s, n = SCALARS
w, h = VECTORS
i, j, k = index("i"), index("j"), index("k")


class World:
    """Values for all symbols, drawn from a seed; ``value`` is a term's value at every outcome."""

    def __init__(self, seed, indices):
        self.seed = seed
        self.indices = indices

    def draw(self, sort, *what):
        """A small rational, often 0, or a pair of them, that depends on ``what`` alone."""
        numbers = Random(repr((self.seed, *what)))
        drawn = [Fraction(numbers.randint(-2, 2), numbers.randint(1, 2)) for _ in range(2)]
        return drawn[0] if sort == SCALAR else tuple(drawn)

    def index(self, t):
        return t[2] + (self.indices[t[1]] if t[1] else 0)

    def value(self, t):
        method = getattr(self, f"_{t.op}", None)
        if method is not None:
            return method(t)
        rows = zip(*(self.value(y) for y in t.args if isinstance(y, Term)), strict=True)
        return [getattr(self, f"each_{t.op}")(t, *row) for row in rows]

    def seen(self, sort, coins, *what):
        return [self.draw(sort, *what, outcome[:coins]) for outcome in OUTCOMES]

    def mean(self, stage, values):
        coins = min(COINS, 2 * self.index(stage[1]) + stage[2])
        return [
            sum(
                (q * v for q, v, o in zip(WEIGHTS, values, OUTCOMES, strict=True) if o[:coins] == c)
            )
            / sum(q for q, o in zip(WEIGHTS, OUTCOMES, strict=True) if o[:coins] == c)
            for c in (outcome[:coins] for outcome in OUTCOMES)
        ]

    def _rat(self, t):
        return [Fraction(t[1], t[2])] * len(OUTCOMES)

    def _sym(self, t):
        return self.seen(t[2], 0 if t[3] == "start" else COINS, t[1])

    def _at(self, t):
        at = self.index(t[4])
        coins = {"start": 0, "past": 2 * at, "sample": 2 * at + 1, "next": 2 * at + 2}
        return self.seen(t[2], coins[t[3]], t[1], at)

    def _num(self, t):
        return [Fraction(self.index(t[1]))] * len(OUTCOMES)

    def _oracle(self, t):
        at = self.index(t[2])
        rows = zip(self.value(t[3]), OUTCOMES, strict=True)
        return [self.draw(VECTOR, t[1], at, v, o[: 2 * at + 1]) for v, o in rows]

    def _mean(self, t):
        return self.mean(t[1], self.value(t[2]))

    def _vmean(self, t):
        sides = zip(*self.value(t[2]), strict=True)
        return list(zip(*(self.mean(t[1], side) for side in sides), strict=True))

    def _run(self, t):
        """The body's values as the bound variable runs, one list for each outcome."""
        runs = []
        for at in range(self.index(t[2])):
            runs.append(World(self.seed, self.indices | {t[1]: at}).value(t[3]))
        return zip(*runs, strict=True) if runs else [()] * len(OUTCOMES)

    def _sum(self, t):
        return [sum(row, Fraction(0)) for row in self._run(t)]

    def _prod(self, t):
        return [prod(row, start=Fraction(1)) for row in self._run(t)]

    def _zero(self, t):
        return [(Fraction(0), Fraction(0))] * len(OUTCOMES)

    def _add(self, t):
        return [sum(r, Fraction(0)) for r in zip(self._rat(lift(0)), *map(self.value, t.args))]

    def _mul(self, t):
        return [prod(r) for r in zip(self._rat(lift(1)), *map(self.value, t.args))]

    def _vadd(self, t):
        rows = zip(self._zero(t), *map(self.value, t.args), strict=True)
        return [tuple(map(sum, zip(*row, strict=True))) for row in rows]

    def each_pow(self, t, v):
        return v ** t[2]

    def each_power(self, t, v, *_):
        return v ** self.index(t[2])

    def _power(self, t):
        return [v ** self.index(t[2]) for v in self.value(t[1])]

    def each_recip(self, t, v):
        return 1 / v if v else Fraction(0)

    def each_inner(self, t, u, v):
        return u[0] * v[0] + u[1] * v[1]

    def each_scale(self, t, c, v):
        return (c * v[0], c * v[1])

    def each_value(self, t, v):
        return self.draw(SCALAR, t[1], v)

    def each_grad(self, t, v):
        return self.draw(VECTOR, "gradient of", t[1], v)

    def each_max(self, t, u, v):
        return max(u, v)

    def each_named(self, t, v):
        return v


def indices(draw, scope):
    name = draw(st.sampled_from(["", *scope]))
    return index(name, draw(st.integers(0, 1)))


@st.composite
def scalars(draw, depth=3, scope=("k", "#1")):
    """Scalar terms; index variables are among ``scope``, with a name that normal forms use too."""
    at = indices(draw, scope)
    if depth == 0:
        leaves = [lift(draw(st.sampled_from([-1, 0, 2, Fraction(1, 3)]))), a, X, number(at)]
        return draw(st.sampled_from(leaves + [c[at] for c in SCALARS]))

    def less(*names):
        return draw(scalars(depth - 1, (*scope, *names)))

    def arrow():
        return draw(vectors(depth - 1, scope))

    kind = draw(
        st.sampled_from(
            ["leaf", "add", "mul", "pow", "recip", "inner", "mean", "mean", "sum", "prod", "other"]
        )
    )
    if kind == "leaf":
        return draw(scalars(0, scope))
    if kind in ("add", "mul"):
        return make(kind, less(), less(), less())
    if kind == "pow":
        return less() ** draw(st.integers(0, 2))
    if kind == "recip":
        return 1 / less()
    if kind == "inner":
        return inner(arrow(), arrow())
    if kind == "mean":
        return E(less() * less(), make("stage", at, draw(st.integers(0, 1))))
    if kind in ("sum", "prod"):
        binder = draw(st.sampled_from(["i", "j", "k", "#1", "#2"]))
        return make(kind, binder, at, less(binder))
    other = [F(arrow()), maximum(less(), less()), named("N", less()), less() ** at]
    return draw(st.sampled_from(other))


@st.composite
def vectors(draw, depth=2, scope=("k", "#1")):
    at = indices(draw, scope)
    if depth <= 0:
        return draw(st.sampled_from([ZERO, V, W, w[at], h[at], F.grad(w[at]), g(at, w[at])]))

    def less():
        return draw(vectors(depth - 1, scope))

    kind = draw(st.sampled_from(["leaf", "add", "scale", "scale", "mean", "grad", "oracle"]))
    if kind == "leaf":
        return draw(vectors(0, scope))
    if kind == "add":
        return less() + less()
    if kind == "scale":
        return draw(scalars(depth - 1, scope)) * less()
    if kind == "mean":
        return E(less(), make("stage", at, draw(st.integers(0, 1))))
    return F.grad(less()) if kind == "grad" else g(at, less())


stages = st.builds(
    make,
    st.just("stage"),
    st.builds(index, st.sampled_from(["", "k"]), st.integers(0, 2)),
    st.integers(0, 1),
)
worlds = st.builds(
    World,
    st.integers(0, 99),
    st.fixed_dictionaries({"k": st.integers(0, 2), "#1": st.integers(0, 2)}),
)
exact = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def form(t):
    """The canonical form; examples with 1/0 written out, which has none, are passed over."""
    try:
        return nf.canonical(t)
    except TermError as refusal:
        assume(str(refusal) not in ("1/0",) and "capture" not in str(refusal))
        raise


@exact
@given(scalars(), worlds)
def test_a_scalar_is_worth_what_its_canonical_form_is(t, world):
    assert world.value(form(t)) == world.value(t)


@exact
@given(vectors(), worlds)
def test_a_vector_is_worth_what_its_canonical_form_is(t, world):
    assert world.value(form(t)) == world.value(t)

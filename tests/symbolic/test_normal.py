"""The laws of normal.py against a finite probability space where every term has an exact value.

Four coins; stage (k, phase) sees the first 2k + phase of them.  A symbol's value is any number (or
vector of two numbers) that depends on the coins which its declaration lets it see.
"""

from fractions import Fraction
from itertools import product
from math import prod
from random import Random

import pytest
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
    Prod,
    Sequence,
    Sum,
    equal,
    forall,
    index,
    inner,
    maximum,
    named,
    norm2,
    number,
    parameter,
    past,
    point,
    sample,
    sqrt,
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

# The names that canonical forms themselves use for bound variables; users may, too.
INNER = nf.canonical(Sum(i, k, d[i]))[1]
OWN = (INNER, nf.canonical(Sum(i, k, Sum(j, k, d[i] * p[j])))[1])
OWN_NUMBER = parameter(nf.canonical_prop(forall(x, x <= a))[1][1])
OWN_OUTER = parameter(nf.canonical_prop(forall(x, b, x <= b))[1][1])


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
        rows = zip(self._rat(lift(0)), *map(self.value, t.args), strict=True)
        return [sum(row, Fraction(0)) for row in rows]

    def _mul(self, t):
        rows = zip(self._rat(lift(1)), *map(self.value, t.args), strict=True)
        return [prod(row) for row in rows]

    def _vadd(self, t):
        rows = zip(self._zero(t), *map(self.value, t.args), strict=True)
        return [tuple(map(sum, zip(*row, strict=True))) for row in rows]

    def each_pow(self, t, v):
        return v ** t[2]

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

    def each_sqrt(self, t, v):
        return self.draw(SCALAR, "root", v)  # the laws know nothing of it

    def each_named(self, t, v):
        return v


def indices(draw, scope):
    name = draw(st.sampled_from(["", *scope]))
    return index(name, draw(st.integers(0, 1)))


@st.composite
def scalars(draw, depth=3, scope=("k", *OWN)):
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
        binder = draw(st.sampled_from(["i", "j", "k", *(OWN if OWN[0] in scope else ())]))
        return make(kind, binder, at, less(binder))
    other = [F(arrow()), maximum(less(), less()), named("N", less()), less() ** at, sqrt(less())]
    return draw(st.sampled_from(other))


@st.composite
def vectors(draw, depth=2, scope=("k", *OWN)):
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
    st.fixed_dictionaries({name: st.integers(0, 2) for name in ("k", *OWN)}),
)
exact = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def form(t):
    """The canonical form.

    Passed over are examples where 1/0 is written out, which has none, and those where user's names
    stand in the way of renaming; both are refusals.
    """
    try:
        return nf.canonical(t)
    except TermError as refusal:
        assume(str(refusal) != "1/0" and "capture" not in str(refusal))
        raise


# Equal forms, equal values.


@exact
@given(scalars(), worlds)
def test_a_scalar_is_worth_what_its_canonical_form_is(t, world):
    assert world.value(form(t)) == world.value(t)


@exact
@given(vectors(), worlds)
def test_a_vector_is_worth_what_its_canonical_form_is(t, world):
    assert world.value(form(t)) == world.value(t)


@exact
@given(scalars(scope=("k",)), worlds, stages)
def test_what_a_stage_determines_is_known_then(t, world, stage):
    assume(nf.determined(t, stage))
    coins = 2 * world.index(stage[1]) + stage[2]
    known = {}
    for outcome, value in zip(OUTCOMES, world.value(t), strict=True):
        assert known.setdefault(outcome[:coins], value) == value


@exact
@given(scalars(depth=2), scalars(depth=1), worlds)
def test_what_is_cleared_of_1_over_x_is_zero_where_x_is_not(t, m, world):
    """is_zero may only say yes to what is 0 at every outcome where the listed x is not 0."""
    assume(form(t).op != "rat")
    claims = [m * (t / t) - m, m * t / t**2 - m / t, m / t - m, t * (1 / t + 1) - 1]
    for claim in claims:
        form(claim)
        if nf.is_zero(claim, [t]):
            rows = zip(world.value(t), world.value(claim), strict=True)
            assert all(value == 0 for at, value in rows if at != 0)
    assert nf.is_zero(m * (x / x) - m, [x])


@pytest.mark.parametrize("names", [("", ""), ("", "k"), ("k", "k"), ("k", ""), ("k", "j")])
def test_stages_are_ordered_as_they_are_for_every_value_of_the_indices(names):
    def coins(stage, values):
        return 2 * (stage[1][2] + values.get(stage[1][1], 0)) + stage[2]

    first, second = (
        [make("stage", index(name, at), phase) for at in range(3) for phase in (0, 1)]
        for name in names
    )
    every = [{"k": at, "j": other} for at in range(4) for other in range(4)]
    for earlier, later in product(first, second):
        always = all(coins(earlier, values) <= coins(later, values) for values in every)
        assert nf.before(earlier, later) == always


# Laws: the two sides have one form.


@exact
@given(scalars(depth=2, scope=("k",)), scalars(depth=1, scope=("k",)), stages)
def test_ring_laws_and_linearity(t, u, stage):
    form(t), form(u)
    for left, right in [
        (t * (u + 2), 2 * t + u * t),
        (t - t, lift(0)),
        ((t + u) ** 2, t**2 + 2 * t * u + u**2),
        (E(a * t + u, stage), a * E(t, stage) + E(u, stage)),
        (t * V - t * V, ZERO),
        (E(t * V, stage) + E(u * V, stage), E((t + u) * V, stage)),
        (inner(t * V, W), t * inner(W, V)),
        (norm2(V + u * W), norm2(V) + 2 * u * inner(V, W) + u**2 * norm2(W)),
    ]:
        assert nf.canonical(left) == nf.canonical(right)


@exact
@given(scalars(depth=3, scope=("k",)))
def test_a_canonical_form_is_its_own(t):
    assert nf.canonical(form(t)) == form(t)


@pytest.mark.parametrize("t", [X, X * Y, s[k] * X, p[k] ** 2 * X, F(V) * X, inner(V, W), 1 / X])
@given(one=stages, other=stages)
@exact
def test_the_tower(t, one, other):
    assume(nf.before(one, other))
    assert nf.canonical(E(E(t, other), one)) == nf.canonical(E(t, one))
    assert nf.canonical(E(E(t, one), other)) == nf.canonical(E(t, one))


FACTS = [
    (E(p[k] * X, past(k)), p[k] * E(X, past(k))),
    (E(p[k] * X, sample(k)), p[k] * E(X, sample(k))),
    (E(s[k] * X, sample(k)), s[k] * E(X, sample(k))),
    (E(n[k] * X, past(k + 1)), n[k] * E(X, past(k + 1))),
    (E(d[j] * X, past(k)), d[j] * E(X, past(k))),
    (E(p[0] * X, past(k)), p[0] * E(X, past(k))),
    (E(F(w[k]) * X, past(k)), F(w[k]) * E(X, past(k))),
    (E(inner(w[k], V), past(k)), inner(w[k], E(V, past(k)))),
    (E(inner(h[k], V), past(k)), E(inner(h[k], E(V, sample(k))), past(k))),
    (E(E(X, sample(k)) * s[k], past(k)), E(X * s[k], past(k))),
    (E(g(k, w[k]), sample(k)), g(k, w[k])),
    (E(x), x),
    (E(lift(1), past(k)), lift(1)),
    (1 / (x * a), (1 / x) * (1 / a)),
    (1 / (2 * x - 2 * a), (1 / (x - a)) / 2),
    (1 / (1 / x), x),
    (maximum(a, b), maximum(b, a)),
    (sqrt(x + a), sqrt(a + x)),
    (E(sqrt(p[k]) * X, past(k)), sqrt(p[k]) * E(X, past(k))),
    (named("N", x + a), a + x),
    (number(k + 2), number(k) + 2),
    (Sum(i, k, d[i]), Sum(j, k, d[j])),
    (Sum(i, k, Sum(j, k, d[i] * d[j])), Sum(j, k, Sum(i, k, d[j] * d[i]))),
    (F(V + W), F(W + V)),
    (F.grad(V - W), F.grad(-(W - V))),
]


@pytest.mark.parametrize(("left", "right"), FACTS)
def test_a_law(left, right):
    assert nf.canonical(left) == nf.canonical(right)
    world = World(1, {"k": 1, "j": 0})
    assert world.value(left) == world.value(right)


NOT_LAWS = [
    (E(X**2), E(X) ** 2),
    (E(X * Y), E(X) * E(Y)),
    (E(1 / X), 1 / E(X)),
    (E(s[k] * X, past(k)), s[k] * E(X, past(k))),
    (E(n[k] * X, sample(k)), n[k] * E(X, sample(k))),
    (E(p[1] * X, past(k)), p[1] * E(X, past(k))),
    (E(p[j] * X, past(k)), p[j] * E(X, past(k))),
    (E(E(X, past(k)), sample(k)), E(X, sample(k))),
    (E(E(X, sample(k)) ** 2, past(k)), E(X * X, past(k))),
    (E(g(k, w[k]), past(k)), g(k, w[k])),
    (E(Sum(i, k, p[i + 2]) * X, past(k)), Sum(i, k, p[i + 2]) * E(X, past(k))),
    (x / x, lift(1)),
    (sqrt(x) ** 2, x),
    (sqrt(x * a), sqrt(x) * sqrt(a)),
    (E(sqrt(X)), sqrt(E(X))),
    (E(sqrt(s[k]) * X, past(k)), sqrt(s[k]) * E(X, past(k))),
    (1 / (x + a), 1 / x + 1 / a),
    (F(E(V)), E(F(V))),
    (F(V + W), F(V) + F(W)),
    (Sum(i, k, Sum(j, k, d[i])), Sum(i, k, Sum(j, k, d[j] * d[i]))),
    (Sum(i, index("", 2), number(index(INNER))), Sum(i, index("", 2), number(i))),
    (Prod(i, k, d[i]), Sum(i, k, d[i])),
]


@pytest.mark.parametrize(("left", "right"), NOT_LAWS)
def test_no_law(left, right):
    """The two sides have two forms, and there is a world where their values differ."""
    assert nf.canonical(left) != nf.canonical(right)
    worlds = (
        World(seed, {"k": at, "j": other, INNER: 2})
        for seed in range(20)
        for at, other in product((0, 1, 2), repeat=2)
    )
    assert any(world.value(left) != world.value(right) for world in worlds)


# Propositions.


def test_propositions_up_to_moving_terms_over_and_renaming():
    assert nf.same(x <= a, x - a <= 0)
    assert nf.same(equal(x, a), equal(a, x))
    assert nf.same(equal(V, W), equal(W - V, ZERO))
    assert nf.same(forall(x, a, x <= a), forall(a, x, a <= x))
    assert nf.same(forall(k, d[k] <= x), forall(j, d[j] <= x))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (x <= a, a <= x),
        (x <= a, x < a),
        (x <= a, 2 * x <= 2 * a),  # true, but no law: multiply by hand
        (forall(x, x <= a), forall(a, a <= a)),
        (forall(x, x <= OWN_NUMBER), forall(x, x <= x)),
        (forall(x, b, x <= OWN_OUTER), forall(x, b, x <= x)),
        (forall(x, b, x <= OWN_NUMBER), forall(x, b, x <= b)),
        (forall(x, x <= a), forall(X, a >= X)),
        (forall(x, a, x <= a), forall(x, a, a <= x)),
        (forall(k, d[k] <= x), forall(k, d[j] <= x)),
    ],
)
def test_different_propositions(one, other):
    assert not nf.same(one, other)


def test_one_over_zero_is_refused():
    with pytest.raises(TermError, match="1/0"):
        nf.canonical(1 / (x - x))

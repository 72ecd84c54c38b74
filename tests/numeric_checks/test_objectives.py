"""Certified constants under attack: exact inequalities on random instances.

On balls, a > b is True only if it is certain, so the same tests serve rational
and transcendental objectives: none of them can fail by rounding.  The last section shows that
the attacks are strong enough to refute constants that are slightly wrong.
"""

from dataclasses import dataclass
from typing import Any

import pytest
from flint import arb, ctx, fmpq, fmpq_series
from hypothesis import given, settings
from hypothesis import strategies as st

from shrinkproof.exact import add, bounds, dot, matvec, norm2, scale, subtract, transpose, vector
from shrinkproof.objectives import Quadratic, RationalWells, RidgeLogistic, reflect
from shrinkproof.strategies import logistics, objectives, quadratics, rationals, vectors, wells

quick = settings(max_examples=80, deadline=None)


@st.composite
def instances(draw, kind):
    """An objective with two points."""
    objective = draw(kind)
    return objective, draw(vectors(objective.dimension)), draw(vectors(objective.dimension))


def vectors_of(*rows):
    return tuple(vector(row) for row in rows)


def encloses(ball, exact):
    lower, upper = bounds(ball)  # arb.contains(fmpq) would first round the rational to a ball
    return lower <= exact <= upper


def smoothness_violated(f, x, y):
    slopes = subtract(f.gradient(x), f.gradient(y))
    return norm2(slopes) > f.smoothness**2 * norm2(subtract(x, y))


def descent_lemma_violated(f, x, y):
    step = subtract(y, x)
    bound = f.value(x) + dot(f.gradient(x), step) + f.smoothness / 2 * norm2(step)
    return f.value(y) > bound


def strong_convexity_violated(f, x, y):
    step = subtract(y, x)
    bound = f.value(x) + dot(f.gradient(x), step) + f.strong_convexity / 2 * norm2(step)
    return f.value(y) < bound


def pl_violated(f, x):
    return 2 * f.pl_constant * (f.value(x) - f.minimum) > norm2(f.gradient(x))


@quick
@given(instances(objectives(exact=False)))
def test_smoothness(instance):
    f, x, y = instance
    assert f.smoothness > 0
    assert not smoothness_violated(f, x, y)
    assert not descent_lemma_violated(f, x, y)


@quick
@given(instances(objectives(exact=False)))
def test_lower_bound_and_minimum(instance):
    f, x, _ = instance
    assert not f.value(x) < f.lower_bound
    if f.minimum is not None:
        assert not f.value(x) < f.minimum
        assert not f.minimum < f.lower_bound
    if f.minimiser is not None:
        assert f.value(f.minimiser) == f.minimum
        assert not any(f.gradient(f.minimiser))


@quick
@given(instances(st.one_of(quadratics(), logistics())))
def test_pl_and_strong_convexity(instance):
    f, x, y = instance
    assert not pl_violated(f, x)
    assert f.pl_constant <= f.smoothness
    if f.strong_convexity is not None:
        assert f.strong_convexity == f.pl_constant
        assert not strong_convexity_violated(f, x, y)


@quick
@given(instances(objectives()))
def test_gradient_is_the_exact_derivative(instance):
    """value(x + t h) as a power series in t has the linear coefficient <gradient(x), h>."""
    f, x, h = instance
    t = fmpq_series([0, 1], prec=2)
    along = f.value(tuple(a + t * b for a, b in zip(x, h, strict=True)))
    assert f.value(x) == fmpq_series(along, prec=1)[0]
    assert dot(f.gradient(x), h) == along[1]


@quick
@given(instances(logistics()))
def test_gradient_of_balls_is_the_derivative_up_to_the_certified_remainder(instance):
    f, x, h = instance
    step = scale(fmpq(1, 2**20), h)
    with ctx.workprec(150):
        error = f.value(add(x, step)) - f.value(x) - dot(f.gradient(x), step)
        assert not abs(error) > f.smoothness / 2 * norm2(step)


@quick
@given(instances(objectives()))
def test_balls_contain_the_exact_values(instance):
    f, x, _ = instance
    assert f.is_exact
    balls = tuple(arb(a) for a in x)
    assert encloses(f.value(balls), f.value(x))
    for ball, exact in zip(f.gradient(balls), f.gradient(x), strict=True):
        assert encloses(ball, exact)


def test_balls_around_the_bottom_of_a_well():
    """arb gives nan for the square of a ball around zero when it is written x**2."""
    centre = vector(["1/3"])
    f = RationalWells(depths=(1,), centre=centre)
    balls = tuple(arb(a) for a in centre)
    assert encloses(f.value(balls), 0) and encloses(f.gradient(balls)[0], 0)


@quick
@given(quadratics())
def test_hessian_has_the_given_spectrum(f):
    assert f.hessian == transpose(f.hessian)
    for i, eigenvalue in enumerate(f.eigenvalues):
        unit = tuple(fmpq(i == j) for j in range(f.dimension))
        eigenvector = reflect(f.reflections, unit)
        assert matvec(f.hessian, eigenvector) == scale(eigenvalue, eigenvector)


@given(st.lists(vectors(3).filter(any), max_size=3), vectors(3), vectors(3))
def test_reflections_are_orthogonal(normals, x, y):
    assert dot(reflect(normals, x), reflect(normals, y)) == dot(x, y)
    assert reflect(normals[::-1], reflect(normals, x)) == x


def test_reflections_multiply_in_the_order_given():
    """The last normal acts first: e_1 is turned to -e_1, then mirrored on the diagonal."""
    assert reflect(vectors_of([1, -1], [1, 0]), vector([1, 0])) == (0, -1)
    assert reflect(vectors_of([1, 0], [1, -1]), vector([1, 0])) == (0, 1)


# --- the minimum of logistic regression -------------------------------------------------------


@quick
@given(instances(logistics()))
def test_minimum_enclosure_is_tight_and_right(instance):
    f, x, y = instance
    lower, upper = f.minimum_enclosure()
    assert 0 <= lower <= upper
    assert upper - lower < fmpq(1, 10**20)
    assert not f.value(x) < lower and not f.value(y) < lower
    assert encloses(f.minimum, lower) and encloses(f.minimum, upper)


class Astray(RidgeLogistic):
    """Its float search ends far from the minimiser."""

    def _candidate(self):
        return vector([1])


def test_enclosure_does_not_trust_the_search():
    """Without features the lower bound is an equality: F = log 2 + ridge w^2 / 2."""
    f = Astray(features=((0,),), labels=(1,), ridge=1)
    lower, upper = f.minimum_enclosure()
    with ctx.workprec(200):
        logarithm = arb(2).log()
        assert lower < logarithm < lower + fmpq(1, 10**20)
        assert logarithm + fmpq(1, 2) < upper


def test_minimum_of_a_symmetric_instance():
    f = RidgeLogistic(features=((1, 2), (1, 2)), labels=(1, -1), ridge=1)
    lower, upper = f.minimum_enclosure()
    with ctx.workprec(200):
        assert lower <= arb(2).log() <= upper
    assert [bounds(a) for a in f.gradient(vector([0, 0]))] == [(0, 0)] * 2


@pytest.mark.parametrize("size", [10**9, 10**30, 10**400])
@pytest.mark.parametrize("ridge", [fmpq(1, 10**9), 1])
def test_huge_margins_stay_rigorous(size, ridge):
    """Floats overflow here; the enclosure may be wide but contains the minimum."""
    f = RidgeLogistic(features=((size,), (-size,)), labels=(1, -1), ridge=ridge)
    lower, upper = f.minimum_enclosure()
    assert 0 <= lower <= upper <= 1
    for w in vector([1]), vector([-1]), vector([fmpq(1, size)]):
        assert f.value(w).is_finite() and all(a.is_finite() for a in f.gradient(w))
        assert not f.value(w) < lower
    assert f.gradient(vector([1]))[0].overlaps(arb(ridge))
    assert f.gradient(vector([-1]))[0].overlaps(arb(-ridge - size))


def test_precision_is_the_callers():
    f = RidgeLogistic(features=((1,),), labels=(1,), ridge=1)
    with ctx.workprec(300):
        assert f.value(vector(["1/3"])).rad() < arb(2) ** -280


# --- the attacks are strong enough ------------------------------------------------------------


@dataclass(frozen=True)
class Claim:
    """An objective with one of its constants replaced by a wrong claim."""

    of: Any
    name: str
    value_claimed: Any

    def __getattr__(self, name):
        return self.value_claimed if name == self.name else getattr(self.of, name)


TILTED = Quadratic(
    eigenvalues=(3, fmpq(1, 10**6)), minimiser=(1, "1/2"), minimum=-2, reflections=((1, 2),)
)
STEEP, FLAT = (reflect(TILTED.reflections, vector(e)) for e in ([1, 0], [0, 1]))
SINGULAR = Quadratic(eigenvalues=(2, 0), minimiser=(0, 0))
WELL = RationalWells(depths=(1, -3), centre=(0, 1), scale=2, reflections=((1, 1),))
ONE_SAMPLE = RidgeLogistic(features=((2, 1),), labels=(1,), ridge=fmpq(1, 100))


def test_quadratic_constants_are_attained():
    x = add(TILTED.minimiser, STEEP)
    slopes = subtract(TILTED.gradient(x), TILTED.gradient(TILTED.minimiser))
    assert norm2(slopes) == TILTED.smoothness**2 * norm2(STEEP)
    x = add(TILTED.minimiser, FLAT)
    assert 2 * TILTED.pl_constant * (TILTED.value(x) - TILTED.minimum) == norm2(TILTED.gradient(x))
    less = Claim(TILTED, "smoothness", TILTED.smoothness * fmpq(999, 1000))
    assert smoothness_violated(less, add(TILTED.minimiser, STEEP), TILTED.minimiser)
    assert descent_lemma_violated(less, TILTED.minimiser, add(TILTED.minimiser, STEEP))
    more = Claim(TILTED, "pl_constant", TILTED.pl_constant * fmpq(1001, 1000))
    assert pl_violated(more, x)
    more = Claim(TILTED, "strong_convexity", TILTED.strong_convexity * fmpq(1001, 1000))
    assert strong_convexity_violated(more, TILTED.minimiser, x)


def test_singular_quadratic_is_pl_but_not_strongly_convex():
    assert SINGULAR.strong_convexity is None and SINGULAR.pl_constant == 2
    claim = Claim(SINGULAR, "strong_convexity", fmpq(1, 10**9))
    assert strong_convexity_violated(claim, vector([0, 0]), vector([0, 1]))
    zero = Quadratic(eigenvalues=(0,), minimiser=(5,))
    assert zero.smoothness == zero.pl_constant == 1


@pytest.mark.parametrize(
    ("objective", "x", "direction"),
    [
        (WELL, WELL.centre, reflect(WELL.reflections[::-1], vector([0, 1]))),
        (ONE_SAMPLE, vector([0, 0]), vector([2, 1])),
    ],
    ids=["wells", "logistic"],
)
def test_smoothness_of_curved_objectives_is_tight(objective, x, direction):
    y = add(x, scale(fmpq(1, 1000), direction))
    assert not smoothness_violated(objective, x, y)
    for part in (fmpq(1, 2), fmpq(99, 100)):
        assert smoothness_violated(
            Claim(objective, "smoothness", part * objective.smoothness), x, y
        )


def test_wells_infimum_is_sharp_and_not_attained():
    assert WELL.lower_bound == -3 and WELL.minimum is None and WELL.minimiser is None
    direction = reflect(WELL.reflections[::-1], vector([0, 1]))
    far = add(WELL.centre, scale(fmpq(1000), direction))
    assert WELL.lower_bound < WELL.value(far) < WELL.lower_bound + fmpq(1, 10**6)
    assert RationalWells(depths=("-1/2", "1/4"), centre=(0, 0)).lower_bound == fmpq(-1, 2)
    bowl = RationalWells(depths=(1, 0), centre=(2, 3))
    assert bowl.minimum == bowl.value(bowl.minimiser) == 0
    assert RationalWells(depths=(0,), centre=(0,)).smoothness == 1


@quick
@given(instances(wells()))
def test_wells_gradient_bound(instance):
    f, x, _ = instance
    assert norm2(f.gradient(x)) <= f.gradient_bound2


def test_wells_gradient_bound_is_tight():
    f = RationalWells(depths=(5,), centre=(0,), scale=3)
    steepest = vector([fmpq(577, 1000) / 3])  # t^2 near 1/3
    assert norm2(f.gradient(steepest)) > fmpq(999999, 10**6) * f.gradient_bound2


@given(rationals())
def test_well_known_value(t):
    f = RationalWells(depths=(2,), centre=(1,))
    assert f.value((t + 1,)) == 2 * t**2 / (1 + t**2)


# --- bad arguments ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: Quadratic(eigenvalues=(1, -1), minimiser=(0, 0)), "eigenvalues"),
        (lambda: Quadratic(eigenvalues=(), minimiser=()), "eigenvalues"),
        (lambda: Quadratic(eigenvalues=(1,), minimiser=(0, 0)), "minimiser has length 2"),
        (lambda: Quadratic(eigenvalues=(0.5,), minimiser=(0,)), "float"),
        (
            lambda: Quadratic(eigenvalues=(1,), minimiser=(0,), reflections=((0,),)),
            r"reflections\[0\]",
        ),
        (lambda: RationalWells(depths=(), centre=()), "depths"),
        (lambda: RationalWells(depths=(1,), centre=()), "centre has length 0"),
        (lambda: RationalWells(depths=(1,), centre=(0,), scale=0), "scale"),
        (
            lambda: RationalWells(depths=(1,), centre=(0,), reflections=((1, 1),)),
            r"reflections\[0\]",
        ),
        (lambda: RidgeLogistic(features=(), labels=(), ridge=1), "features"),
        (lambda: RidgeLogistic(features=((1,),), labels=(0,), ridge=1), "labels"),
        (lambda: RidgeLogistic(features=((1,),), labels=(1, 1), ridge=1), "labels"),
        (lambda: RidgeLogistic(features=((1,),), labels=(1,), ridge=0), "ridge"),
        (
            lambda: RidgeLogistic(features=((1,), (1, 2)), labels=(1, 1), ridge=1),
            r"features\[1\] has length 2",
        ),
        (lambda: TILTED.value(vector([1])), "length"),
        (lambda: WELL.gradient(vector([1])), "length"),
        (lambda: ONE_SAMPLE.value(vector([1])), "length"),
    ],
)
def test_bad_arguments(make, complaint):
    with pytest.raises(ValueError, match=complaint):
        make()

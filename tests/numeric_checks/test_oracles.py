"""Oracles: exactly unbiased, with a variance bound that holds and, where claimed, is equal."""

import pytest
from flint import arb, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from shrinkproof.exact import add, norm2, scale, subtract, vector
from shrinkproof.objectives import Quadratic, RationalWells, RidgeLogistic
from shrinkproof.oracles import (
    AdditiveNoise,
    ExactGradient,
    FiniteSum,
    LogisticSum,
    Mean,
    QuadraticSum,
    WellSum,
)
from shrinkproof.strategies import objectives, oracles, quadratics, vectors, wells

quick = settings(max_examples=80, deadline=None)
HALF = fmpq(1, 2)
LINE = Quadratic(eigenvalues=(2,), minimiser=(0,))


def mean(outcomes):
    total = scale(fmpq(0), outcomes[0][1])
    for p, g in outcomes:
        total = add(total, scale(p, g))
    return total


def variance(oracle, w):
    gradient = oracle.objective.gradient(w)
    return sum(p * norm2(subtract(g, gradient)) for p, g in oracle.outcomes(w))


@st.composite
def instances(draw, kind):
    objective = draw(kind)
    w = draw(vectors(objective.dimension))
    return objective, draw(oracles(objective)), w


@quick
@given(instances(objectives()))
def test_exactly_unbiased_and_variance_bounded(instance):
    objective, oracle, w = instance
    outcomes = oracle.outcomes(w)
    assert all(p > 0 for p, _ in outcomes) and sum(p for p, _ in outcomes) == 1
    assert mean(outcomes) == oracle.objective.gradient(w) == objective.gradient(w)
    assert oracle.objective.value(w) == objective.value(w)
    if isinstance(oracle, WellSum):
        assert variance(oracle, w) <= oracle.variance_bound
    else:
        assert variance(oracle, w) == oracle.variance_bound


@quick
@given(instances(objectives(exact=False)))
def test_balls_do_not_refute_it_either(instance):
    objective, oracle, w = instance
    assert not variance(oracle, w) > oracle.variance_bound
    for got, true in zip(mean(oracle.outcomes(w)), objective.gradient(w), strict=True):
        assert arb(got).overlaps(arb(true))


def test_additive_noise_known_value():
    oracle = AdditiveNoise(LINE, ((HALF, (1,)), (fmpq(1, 4), (-3,)), (fmpq(1, 4), (1,))))
    assert oracle.variance_bound == 3
    assert oracle.outcomes(vector([1]))[1] == (fmpq(1, 4), (-1,))
    assert ExactGradient(LINE).variance_bound == 0
    assert ExactGradient(LINE).outcomes(vector([3])) == ((1, (6,)),)


@pytest.mark.parametrize(
    ("support", "complaint"),
    [
        (((1, (1,)),), "mean"),
        (((HALF, (1,)), (HALF, (fmpq(-999999, 10**6),))), "mean"),
        (((HALF, (1,)), (fmpq(1, 3), (-1,))), "sum to 1"),
        (((fmpq(3, 2), (0,)), (-HALF, (0,))), "> 0"),
        ((), "sum to 1"),
        (((1, (0, 0)),), "length 1"),
        (((HALF, (0.1,)), (HALF, (-0.1,))), "float"),
    ],
)
def test_bad_noise_is_refused(support, complaint):
    with pytest.raises(ValueError, match=complaint):
        AdditiveNoise(LINE, support)


# --- finite sums ------------------------------------------------------------------------------


def test_quadratic_sum_known_value():
    parts = tuple(Quadratic(eigenvalues=(2,), minimiser=(m,), minimum=m) for m in (1, -1, 3))
    oracle = QuadraticSum(parts)
    assert oracle.objective == Quadratic(eigenvalues=(2,), minimiser=(1,), minimum=1 + fmpq(8, 3))
    assert oracle.variance_bound == fmpq(32, 3)


@quick
@given(instances(quadratics()))
def test_quadratic_sum_has_the_certified_mean(instance):
    """The mean function, computed naively, is the certified quadratic."""
    objective, oracle, w = instance
    if isinstance(oracle, QuadraticSum):
        assert oracle.objective == objective
        naive = Mean(oracle.components)
        assert naive.value(w) == objective.value(w)
        assert naive.smoothness == objective.smoothness
        assert naive.lower_bound <= objective.lower_bound


@quick
@given(st.data())
def test_mean_of_mixed_components(data):
    parts = tuple(
        data.draw(st.one_of(quadratics(min_dim=2, max_dim=2), wells(min_dim=2, max_dim=2)))
        for _ in range(2)
    )
    f, x, y = Mean(parts), data.draw(vectors(2)), data.draw(vectors(2))
    slopes = subtract(f.gradient(x), f.gradient(y))
    assert norm2(slopes) <= f.smoothness**2 * norm2(subtract(x, y))
    assert f.value(x) >= f.lower_bound
    assert FiniteSum(parts).variance_bound is None
    assert mean(FiniteSum(parts).outcomes(x)) == f.gradient(x)
    if any(isinstance(part, RationalWells) for part in parts):
        assert f.strong_convexity is None and f.pl_constant is None


def test_general_finite_sums_have_unbounded_variance():
    """Why `variance_bound` is None there: two curvatures, and the variance grows with w."""
    oracle = FiniteSum((LINE, Quadratic(eigenvalues=(4,), minimiser=(0,))))
    assert oracle.objective.strong_convexity == oracle.objective.smoothness == 3
    assert oracle.objective.is_exact
    assert [variance(oracle, vector([w])) for w in (1, 10)] == [1, 100]


def test_logistic_sum_rebuilds_its_objective():
    f = RidgeLogistic(features=((1, 2), (0, -3)), labels=(1, -1), ridge=HALF)
    oracle = LogisticSum(f.components())
    assert oracle.objective == f
    assert oracle.variance_bound == 7


def test_smaller_bounds_are_refuted():
    """The variance tests above can fail."""
    wells_apart = WellSum(tuple(RationalWells(depths=(a,), centre=(0,)) for a in (1, -1)))
    steepest = vector([fmpq(577, 1000)])
    bound = wells_apart.variance_bound
    assert bound * fmpq(999, 1000) < variance(wells_apart, steepest) <= bound
    labels_clash = RidgeLogistic(features=((100,), (100,)), labels=(1, -1), ridge=1)
    oracle = LogisticSum(labels_clash.components())
    # One of the two samples is misclassified with certainty, whatever w is: a quarter of sigma2.
    assert variance(oracle, vector([1])) > oracle.variance_bound * fmpq(24, 100)
    opposed = RidgeLogistic(features=((100,), (-100,)), labels=(1, 1), ridge=1)
    assert variance(LogisticSum(opposed.components()), vector([0])) > 100**2 * fmpq(24, 100)


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: FiniteSum(()), "dimensions"),
        (lambda: FiniteSum((LINE, Quadratic(eigenvalues=(1, 1), minimiser=(0, 0)))), "dimensions"),
        (lambda: QuadraticSum((LINE, Quadratic(eigenvalues=(1,), minimiser=(0,)))), "one matrix"),
        (
            lambda: LogisticSum((RidgeLogistic(features=((1,), (2,)), labels=(1, 1), ridge=1),)),
            "several samples",
        ),
        (
            lambda: LogisticSum(
                tuple(RidgeLogistic(features=((1,),), labels=(1,), ridge=r) for r in (1, 2))
            ),
            "ridge",
        ),
    ],
)
def test_bad_components_are_refused(make, complaint):
    with pytest.raises(ValueError, match=complaint):
        make()

"""Strategies: valid, as wide as they say, and shrinking to the simplest instance."""

import pytest
from flint import fmpq
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from shrinkproof.formats import FORMATS
from shrinkproof.objectives import Quadratic, RationalWells, RidgeLogistic
from shrinkproof.oracles import AdditiveNoise, ExactGradient, LogisticSum, QuadraticSum, WellSum
from shrinkproof.quantizers import Quantizer, Rounding
from shrinkproof.strategies import (
    logistics,
    noises,
    objectives,
    oracles,
    positive_rationals,
    quadratics,
    quantizers,
    rationals,
    vectors,
    wells,
)

# No health check is suppressed anywhere: rejected or slow draws would fail these tests.
quick = settings(max_examples=60, deadline=None)
searching = settings(
    max_examples=2000, deadline=None, database=None, phases=(Phase.generate, Phase.shrink)
)
LINE = Quadratic(eigenvalues=(1,), minimiser=(0,))


def simplest(strategy, condition=lambda _: True):
    return find(strategy, condition, settings=searching)


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        (rationals(), fmpq(0)),
        (positive_rationals(), fmpq(1)),
        (vectors(2), (fmpq(0), fmpq(0))),
        (quadratics(), LINE),
        (quadratics(strongly_convex=False), Quadratic(eigenvalues=(0,), minimiser=(0,))),
        (wells(), RationalWells(depths=(0,), centre=(0,))),
        (logistics(), RidgeLogistic(features=((0,),), labels=(1,), ridge=1)),
        (objectives(), LINE),
        (noises(2), ((fmpq(1), (fmpq(0), fmpq(0))),)),
        (oracles(LINE), ExactGradient(LINE)),
        (quantizers(), Quantizer(FORMATS["e4m3fn"], Rounding.NEAREST)),
    ],
    ids=str,
)
def test_simplest_instance(strategy, expected):
    assert simplest(strategy) == expected


@pytest.mark.parametrize(
    ("strategy", "condition"),
    [
        (quadratics(), lambda f: f.dimension == 3 and any(f.hessian[0][1:])),
        (quadratics(), lambda f: f.smoothness / f.pl_constant >= 10**6),
        (quadratics(), lambda f: f.strong_convexity is None),
        (wells(), lambda f: f.minimum is None),
        (wells(), lambda f: f.minimum == 0 and any(f.depths)),
        (objectives(exact=False), lambda f: isinstance(f, RidgeLogistic)),
        (noises(1), lambda law: len(law) == 4 and len({p for p, _ in law}) > 1),
        (oracles(LINE), lambda o: isinstance(o, QuadraticSum) and o.variance_bound > 0),
        (oracles(LINE), lambda o: isinstance(o, AdditiveNoise) and o.variance_bound > 0),
        (wells().flatmap(oracles), lambda o: isinstance(o, WellSum)),
        (logistics().flatmap(oracles), lambda o: isinstance(o, LogisticSum)),
        (quantizers(), lambda q: q.format.name == "e2m1" and q.scale == 1024),
    ],
)
def test_reaches(strategy, condition):
    assert condition(simplest(strategy, condition))


@quick
@given(quadratics(strongly_convex=True, min_dim=2, max_dim=2, ill_conditioned=False))
def test_quadratic_options(f):
    assert f.dimension == 2
    assert f.strong_convexity is not None
    assert f.smoothness / f.strong_convexity <= 30


@quick
@given(quadratics(strongly_convex=False))
def test_singular_option(f):
    assert f.strong_convexity is None


@quick
@given(objectives(min_dim=2, max_dim=3))
def test_exact_objectives_only(f):
    assert f.is_exact and f.dimension in (2, 3)


@quick
@given(st.integers(1, 3).flatmap(lambda d: st.tuples(st.just(d), noises(d, max_support=3))))
def test_noises_are_zero_mean(instance):
    dimension, law = instance
    assert len(law) <= 3 and sum(p for p, _ in law) == 1
    for i in range(dimension):
        assert sum(p * z[i] for p, z in law) == 0


@quick
@given(quantizers(formats=["e5m2"], roundings=[Rounding.STOCHASTIC], scales=[3], saturate=False))
def test_quantizer_options(quantizer):
    assert quantizer == Quantizer(FORMATS["e5m2"], Rounding.STOCHASTIC, scale=3, saturate=False)


@quick
@given(positive_rationals(max_numerator=3, denominators=(7,)), rationals(max_numerator=2))
def test_rational_ranges(positive, signed):
    assert positive in [fmpq(n, 7) for n in (1, 2, 3)]
    assert abs(signed) <= 2

"""The exact process and its vectorised twin, under one suite."""

from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from flint import arb, ctx, fmpq

from shrinkproof.beside import Beside, vector_recursions
from shrinkproof.exact import add, from_float, norm2, scale
from shrinkproof.formats import FORMATS
from shrinkproof.objectives import Quadratic, RationalWells
from shrinkproof.oracles import AdditiveNoise, ExactGradient, QuadraticSum
from shrinkproof.process import (
    Additive,
    Both,
    Coordinatewise,
    Dropped,
    OfSample,
    Predictable,
    Process,
    Relative,
    RoundingError,
    Scheduled,
    Silent,
)
from shrinkproof.quantizers import Quantizer, Rounding
from shrinkproof.sgd import gradients, simulate
from shrinkproof.theorems import convex_average, effective_stepsize

HALF = fmpq(1, 2)
BOWL = Quadratic(eigenvalues=(1, HALF), minimiser=(HALF, 1), minimum=0)
COIN = ((HALF, (fmpq(2), fmpq(1))), (HALF, (fmpq(-2), fmpq(-1))))
SMALL = ((fmpq(1, 4), (fmpq(3, 8), fmpq(0))), (fmpq(3, 4), (fmpq(-1, 8), fmpq(0))))
START = (fmpq(3), fmpq(-1))
SHRINKAGES = [
    Scheduled((fmpq(1), HALF)),
    Predictable(fmpq(1), fmpq(1, 4), (fmpq(0), fmpq(0)), fmpq(4)),
    OfSample((fmpq(1), fmpq(0)), fmpq(1, 4), fmpq(1)),
]
NOISES = [
    Silent(),
    Additive(SMALL),
    *(RoundingError(Quantizer(FORMATS["e4m3fn"], rounding)) for rounding in Rounding),
    RoundingError(Quantizer(FORMATS["e2m1"], Rounding.STOCHASTIC, scale=fmpq(1, 2))),
]
ORACLES = [
    ExactGradient(BOWL),
    AdditiveNoise(BOWL, COIN),
    QuadraticSum(
        tuple(Quadratic(eigenvalues=(1, HALF), minimiser=m, minimum=0) for m in ((0, 1), (1, 1)))
    ),
]


def process(oracle, shrinkage, noise, steps=2) -> Process:
    return Process(oracle, START, (fmpq(1, 4), HALF, fmpq(1, 8))[:steps], shrinkage, noise)


@pytest.mark.parametrize("noise", NOISES, ids=lambda n: type(n).__name__)
@pytest.mark.parametrize("shrinkage", SHRINKAGES, ids=lambda s: type(s).__name__)
@pytest.mark.parametrize("oracle", ORACLES, ids=lambda o: type(o).__name__)
def test_simulated_trajectories_follow_the_exact_law(oracle, shrinkage, noise):
    """Every simulated end is an exact outcome, and as frequent as its probability says.

    All numbers here are short dyadics, so float64 makes no error.  The frequencies are held to
    Hoeffding's bound at 10^-6 for each of fewer than 64 outcomes; the seed is fixed.
    """
    n = 4000
    p = process(oracle, shrinkage, noise)
    exact = {state[0]: weight for weight, state in p.law(p.horizon)}
    assert sum(exact.values()) == 1
    ends = simulate(p, trajectories=n, rng=np.random.default_rng(0))[-1]
    counts = Counter(tuple(map(from_float, w)) for w in ends.tolist())
    assert set(counts) <= set(exact)
    allowed = np.sqrt(np.log(2 * 64e6) / (2 * n))
    for state, weight in exact.items():
        assert abs(counts[state] / n - float(Fraction(int(weight.p), int(weight.q)))) < allowed


def test_the_law_merges_equal_states_and_keeps_every_outcome():
    p = process(AdditiveNoise(BOWL, COIN), Scheduled((fmpq(1),)), Additive(SMALL), steps=3)
    law = p.law(3)
    assert sum(weight for weight, _ in law) == 1
    assert len({state for _, state in law}) == len(law)
    # An effective stepsize of 1/L forgets the start: the law of one coordinate collapses.
    line = Quadratic(eigenvalues=(1,), minimiser=(0,), minimum=0)
    oracle = AdditiveNoise(line, ((HALF, (fmpq(1),)), (HALF, (fmpq(-1),))))
    forgetful = Process(oracle, (fmpq(5),), (fmpq(1),) * 10, Scheduled((fmpq(1),)))
    assert sorted(state[0][0] for _, state in forgetful.law(10)) == [-1, 1]


def test_a_sequence_beside_the_process_follows_its_recursion():
    """S1's: plain SGD with the effective stepsizes, on the same samples; it is w itself."""
    plain = vector_recursions(effective_stepsize.STATEMENT)
    assert list(plain) == ["v"]
    parts = AdditiveNoise(BOWL, COIN), START, (HALF, HALF), SHRINKAGES[2], Additive(SMALL)
    p = Beside(*parts, plain)
    assert p.names == ("w", "v")
    assert all(state[0] == state[1] for _, state in p.law(2))
    assert [(q, w) for q, (w, _) in p.law(2)] == [(q, w) for q, (w,) in Process(*parts).law(2)]


def test_sums_of_iterates_beside_the_process():
    (s,) = vector_recursions(convex_average.STATEMENT).items()
    p = Beside(ExactGradient(BOWL), START, (HALF, HALF), Scheduled((HALF,)), Silent(), dict([s]))
    ((_, (w, total)),) = p.law(1)
    assert total == tuple(fmpq(1, 4) * x for x in START)
    ((_, (_, total)),) = p.law(2)
    assert total == tuple(fmpq(1, 4) * (x + y) for x, y in zip(START, w, strict=True))


@pytest.mark.parametrize("kept", [fmpq(1), HALF, fmpq(4, 5)])
def test_random_sparsification_is_unbiased_with_a_relative_variance(kept):
    g, q = (fmpq(3), fmpq(-1)), HALF
    law = Dropped(kept).law(g, q)
    assert sum(p for p, _ in law) == 1
    assert all(sum(p * e[i] for p, e in law) == 0 for i in range(2))
    assert sum(p * norm2(e) for p, e in law) == (1 / kept - 1) * q**2 * norm2(g)


def test_relative_and_coordinatewise_noise():
    g, q = (fmpq(3), fmpq(-1)), HALF
    law = Relative(fmpq(1, 4)).law(g, q)
    assert [add(scale(q, g), e) for _, e in law] == [
        scale(q * x, g) for x in (fmpq(5, 4), fmpq(3, 4))
    ]
    ((_, e),) = Coordinatewise(fmpq(1, 4), fmpq(2)).law(g, q)
    assert add(scale(q, g), e) == (fmpq(3, 8), fmpq(-1))
    both = Both(Relative(fmpq(1, 4)), Additive(SMALL)).law(g, q)
    second = sum(p * norm2(e) for p, e in both)
    assert second == fmpq(1, 16) * q**2 * norm2(g) + sum(p * norm2(e) for p, e in SMALL)


def test_irrational_stepsizes_follow_the_precision():
    """A law of balls is computed anew where a caller wants it sharper; a rational one is kept."""
    root = arb(2).sqrt()
    with ctx.workprec(2000):
        sharp = arb(2).sqrt()
    p = Process(ExactGradient(BOWL), START, (sharp, sharp), Scheduled((HALF,)))
    assert not p.is_exact and isinstance(p.law(0)[0][1][0][0], fmpq)
    rough = p.law(2)[0][1][0][0].rad()
    with ctx.workprec(500):
        assert p.law(2)[0][1][0][0].rad() < rough
    assert p.law(1)[0][1][0][0].overlaps(START[0] - root * (START[0] - HALF) / 2)


def test_near_and_far_are_told_apart_or_refused():
    rule = Predictable(HALF, fmpq(1), (fmpq(0),), fmpq(2))
    assert rule.factor(0, (fmpq(1),), None) == HALF and rule.factor(0, (fmpq(2),), None) == 1
    with pytest.raises(ValueError, match="is neither at most 2 nor above it"):
        rule.factor(0, (arb(2).sqrt(),), None)


def test_shrinkage_of_the_sample_needs_a_sample():
    with pytest.raises(ValueError, match="depends on the sample"):
        SHRINKAGES[2].factor(0, START, None)


@pytest.mark.parametrize(
    "objective",
    [
        BOWL,
        Quadratic(eigenvalues=(3, 1), minimiser=(1, 2), minimum=0, reflections=((1, 2), (1, 0))),
        RationalWells(depths=(3, -1), centre=(0, 1), scale=2, reflections=((1, 1), (2, 1))),
    ],
)
def test_vectorised_gradients_agree_with_the_exact_ones(objective):
    points = [(fmpq(1, 4), fmpq(-3, 8)), (fmpq(2), fmpq(1)), (fmpq(0), fmpq(0))]
    found = gradients(
        objective, np.array([[float(str(x.p)) / int(x.q) for x in w] for w in points])
    )
    for w, slope in zip(points, found, strict=True):
        exact = [int(x.p) / int(x.q) for x in objective.gradient(w)]
        # Float arithmetic of a few operations: this compares implementations, it decides nothing.
        assert np.allclose(slope, exact, rtol=1e-13, atol=1e-13)


def test_no_vectorised_form_is_said_so():
    class Unknown:
        known = "start"

    p = Process(ExactGradient(BOWL), START, (HALF,), Unknown())
    with pytest.raises(TypeError, match="no vectorised form for Unknown"):
        simulate(p, trajectories=1, rng=np.random.default_rng(0))

"""The exact process and its vectorised twin, under one suite."""

from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from flint import fmpq

from shrinkproof.exact import from_float
from shrinkproof.formats import FORMATS
from shrinkproof.objectives import Quadratic, RationalWells
from shrinkproof.oracles import AdditiveNoise, ExactGradient, QuadraticSum
from shrinkproof.process import (
    Additive,
    OfSample,
    Predictable,
    Process,
    RoundingError,
    Scheduled,
    Silent,
    Twins,
)
from shrinkproof.quantizers import Quantizer, Rounding
from shrinkproof.sgd import gradients, simulate

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


def test_twins_agree_path_by_path():
    p = Twins(AdditiveNoise(BOWL, COIN), START, (HALF, HALF), SHRINKAGES[2], Additive(SMALL))
    assert all(state[0] == state[1] for _, state in p.law(2))


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

"""Moments agree with enumeration where both reach, and go on where it does not."""

import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from shrinkproof import library
from shrinkproof.evaluation import Instance, OnInstance
from shrinkproof.moments import ByMoments
from shrinkproof.objectives import Quadratic, RationalWells
from shrinkproof.oracles import AdditiveNoise, ExactGradient
from shrinkproof.process import Additive, Predictable, Process, Scheduled
from shrinkproof.strategies import noises, quadratics, vectors

LABELS = ("T1", "T1s", "T3", "T3p")
FACTORS = (fmpq(1), fmpq(1, 2), fmpq(1, 10))


@st.composite
def quadratic_instances(draw, steps: int) -> Instance:
    f = draw(quadratics(max_dim=2))
    d = f.dimension
    oracle = AdditiveNoise(f, draw(noises(d, max_support=2)))
    noise = Additive(draw(noises(d, max_support=2)))
    factors = draw(st.tuples(*[st.sampled_from(FACTORS)] * 2))
    mu = draw(st.sampled_from(FACTORS)) / (f.smoothness * max(factors))
    process = Process(oracle, draw(vectors(d)), (mu,) * steps, Scheduled(factors), noise)
    constants = {
        "L": f.smoothness,
        "c": f.pl_constant,
        "mu": mu,
        "q_min": min(factors),
        "q_max": max(factors),
        "sigma2": oracle.variance_bound,
        "tau2": sum((p * sum(x * x for x in e) for p, e in noise.support), fmpq(0)),
        "K": steps,
        "F_star": f.minimum,
        "F_inf": f.minimum,
    }
    return Instance(constants, f, process)


@pytest.mark.parametrize("label", LABELS)
@settings(max_examples=15, database=None, deadline=None, derandomize=True)
@given(instance=quadratic_instances(2))
def test_both_evaluators_agree_exactly(label, instance):
    conclusion = library.result(label).statement.conclusion
    assert ByMoments(instance).slack(conclusion) == OnInstance(instance).slack(conclusion)


@pytest.mark.parametrize("label", LABELS)
@settings(max_examples=10, database=None, deadline=None, derandomize=True)
@given(instance=quadratic_instances(60))
def test_theorems_hold_over_long_horizons(label, instance):
    assert ByMoments(instance).slack(library.result(label).statement.conclusion).value >= 0


def test_the_floor_of_t3_is_attained_in_the_limit():
    """F = (L/2) w^2 at mu q = 1/L: from the minimiser, the suboptimality is the floor at once."""
    f = Quadratic(eigenvalues=(1,), minimiser=(0,), minimum=0)
    oracle = AdditiveNoise(f, ((fmpq(1, 2), (fmpq(1),)), (fmpq(1, 2), (fmpq(-1),))))
    names = ("L", "c", "mu", "q_min", "q_max", "sigma2")
    constants = {name: fmpq(1) for name in names} | {"tau2": fmpq(0), "K": 50, "F_star": fmpq(0)}
    process = Process(oracle, (fmpq(0),), (fmpq(1),) * 50, Scheduled((fmpq(1),)))
    conclusion = library.result("T3").statement.conclusion
    assert ByMoments(Instance(constants, f, process)).slack(conclusion).value == 0


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"shrinkage": Predictable(fmpq(1), fmpq(1, 2), (fmpq(0),), fmpq(1))}, "scheduled"),
        ({"oracle": ExactGradient(RationalWells(depths=(1,), centre=(0,)))}, "not quadratic"),
    ],
)
def test_what_moments_cannot_do_is_refused(change, why):
    f = Quadratic(eigenvalues=(1,), minimiser=(0,), minimum=0)
    fields = {
        "oracle": ExactGradient(f),
        "start": (fmpq(1),),
        "stepsizes": (fmpq(1),),
        "shrinkage": Scheduled((fmpq(1),)),
    }
    with pytest.raises(ValueError, match=why):
        ByMoments(Instance({}, f, Process(**{**fields, **change})))

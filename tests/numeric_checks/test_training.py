from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from flint import fmpq

from shrinkproof.bounds import evaluate_bound
from shrinkproof.breast_cancer import MinibatchLogistic, breast_cancer
from shrinkproof.exact import bounds, fraction, from_float, norm2, power_of_two
from shrinkproof.formats import FORMATS
from shrinkproof.quantizers import Quantizer, Rounding
from shrinkproof.training import (
    FLOAT_ALLOWANCE,
    REFUTED_AT,
    DelayedClipping,
    Outside,
    Rounded,
    Scheduled,
    coordinate_bound,
    e_value,
    minibatch_gradient,
    sampling_variance,
    suboptimality,
    train,
)

MU = fmpq(1, 16)
PLAIN = Scheduled(factors=(fmpq(1),))


def small(**changes):
    """Dyadic data, so that the gradient at w = 0, where every sigmoid is 1/2, is dyadic too."""
    rng = np.random.default_rng(7)
    fields = {
        "features": rng.integers(-64, 65, (16, 3)) / 32.0,
        "labels": tuple(rng.choice([-1, 1], 16).tolist()),
        "ridge": fmpq(1, 2),
        "batch": 4,
    }
    return MinibatchLogistic(**fields | changes)


def quantizer(name="e4m3fn", rounding=Rounding.NEAREST, scale=4):
    return Quantizer(FORMATS[name], rounding, scale=fmpq(scale))


def first_gradients(problem, trajectories, seed):
    """The exact minibatch gradients at w = 0, from the documented stream of samples."""
    chosen = np.random.default_rng([seed, 0]).integers(
        0, len(problem.labels), (trajectories, problem.batch)
    )
    for row in chosen.tolist():
        picked = [(problem.objective.features[i], problem.labels[i]) for i in row]
        yield tuple(
            -sum((y * x[j] for x, y in picked), fmpq(0)) / (2 * problem.batch) for j in range(3)
        )


@pytest.mark.parametrize("rounding", [Rounding.NEAREST, Rounding.TOWARD_ZERO])
@pytest.mark.parametrize("name", FORMATS)
def test_one_step_agrees_with_exact_rational_arithmetic(name, rounding):
    problem, q = small(), quantizer(name, rounding)
    run = train(problem, Rounded(q), mu=MU, recorded=[1], trajectories=5, seed=3)
    for w, g, shrinkage in zip(
        run.final.tolist(), first_gradients(problem, 5, 3), run.shrinkage[0], strict=True
    ):
        rounded = q.round_vector(g)
        assert tuple(from_float(x) for x in w) == tuple(-MU * x for x in rounded)
        exact = sum((a * b for a, b in zip(rounded, g, strict=True)), fmpq(0)) / norm2(g)
        assert shrinkage == pytest.approx(float(fraction(exact)), rel=1e-14)


def test_one_stochastic_step_lands_in_the_support_of_its_law():
    problem, q = small(), quantizer("e2m1", Rounding.STOCHASTIC)
    run = train(problem, Rounded(q), mu=MU, recorded=[1], trajectories=50, seed=3)
    for w, g in zip(run.final.tolist(), first_gradients(problem, 50, 3), strict=True):
        for entry, x in zip(w, g, strict=True):
            assert from_float(entry) in {-MU * value for _, value in q.law(x)}


def test_rules_see_the_same_minibatches_and_seeds_differ():
    def final(rule, seed):
        return train(small(), rule, mu=MU, recorded=[1], trajectories=3, seed=seed).final

    half = Scheduled(factors=(fmpq(1, 2),))
    assert np.array_equal(final(half, 0), final(PLAIN, 0) / 2)
    assert np.array_equal(final(PLAIN, 0), final(PLAIN, 0))
    assert not np.array_equal(final(PLAIN, 0), final(PLAIN, 1))


def test_a_schedule_is_measured_as_it_was_given():
    rule = Scheduled(factors=(fmpq(1, 4), fmpq(1)))
    run = train(small(), rule, mu=MU, recorded=[2, 4], trajectories=3, seed=0)
    assert run.suboptimality.shape == (2, 3)
    assert run.shrinkage == pytest.approx(np.tile([[0.25], [1.0]], (2, 3)))
    assert run.zeros == 0


def test_additive_noise_has_the_second_moment_it_claims():
    rule = Scheduled(factors=(fmpq(1),), noise=fmpq(1, 8))
    g = np.zeros((1000, 3))
    eps = rule.apply(0, g, g, np.random.default_rng(0))
    assert set(np.unique(eps)) == {-0.125, 0.125}
    assert abs(eps.mean()) < 0.01
    assert rule.claim(small(), MU).constants["tau2"] == Fraction(3, 64)


def test_delayed_clipping_looks_at_the_previous_gradient_only():
    rule = DelayedClipping(threshold=fmpq(1), q_min=fmpq(1, 4))
    rng = np.random.default_rng(0)
    previous = np.array([[0.0, 0.0], [0.6, 0.8], [0.0, 2.0], [30.0, 40.0]])
    for g in (np.ones((4, 2)), np.full((4, 2), 1e6)):
        q = rule.apply(1, g, previous, rng) / g
        assert q[:, 0].tolist() == [1.0, 1.0, 0.5, 0.25]


def test_underflow_and_vanishing_gradients_are_counted():
    problem = small(features=np.full((4, 1), 2.0**-20), labels=(1, 1, 1, 1), batch=1)
    rule = Rounded(quantizer(scale=1))
    run = train(problem, rule, mu=MU, recorded=[3], trajectories=2, seed=0)
    assert run.zeros == 1
    assert (run.shrinkage == 0).all()
    silent = small(features=np.zeros((4, 1)), labels=(1, 1, 1, 1), batch=1)
    run = train(silent, PLAIN, mu=MU, recorded=[3], trajectories=2, seed=0)
    assert (run.shrinkage == 1).all()  # a gradient that vanishes is not distorted


@pytest.mark.parametrize("recorded", [(), (0, 1), (2, 1), (1, 1)])
def test_recorded_steps_must_increase(recorded):
    with pytest.raises(ValueError, match="recorded"):
        train(small(), PLAIN, mu=MU, recorded=recorded, trajectories=1, seed=0)


def test_float_suboptimality_is_within_its_allowance():
    problem = breast_cancer(ridge=fmpq(1), batch=64)
    w = np.random.default_rng(0).standard_normal((4, 30)) * np.array([[0.0], [0.1], [1], [10]])
    lower, _ = problem.minimum_enclosure
    for row, measured in zip(w.tolist(), suboptimality(problem, w).tolist(), strict=True):
        exact = bounds(problem.objective.value(tuple(from_float(x) for x in row)) - lower)
        assert exact[0] - FLOAT_ALLOWANCE < from_float(measured) < exact[1] + FLOAT_ALLOWANCE
    with pytest.raises(ArithmeticError, match="norm"):
        suboptimality(problem, np.full((1, 30), 20.0))


def test_sampling_variance_is_that_of_one_draw_over_the_batch():
    problem = small()
    rng = np.random.default_rng(1)
    w = rng.standard_normal((1, 3))
    drawn = minibatch_gradient(problem, np.repeat(w, 100_000, axis=0), rng)
    assert sampling_variance(problem, w)[0] == pytest.approx(drawn.var(axis=0).sum(), rel=0.02)
    assert sampling_variance(problem, w)[0] <= float(fraction(problem.variance_bound))


def test_claims_evaluate_the_library_at_certified_constants():
    problem = small()
    constants = {
        "L": fraction(problem.smoothness),
        "c": Fraction(1, 2),
        "mu": Fraction(1, 16),
        "sigma2": fraction(problem.variance_bound),
        "gap": fraction(problem.gap),
    }
    schedule = Scheduled(factors=(fmpq(1, 4), fmpq(1)), noise=fmpq(1, 8)).claim(problem, MU)
    listed = {"q": (Fraction(1, 4), 1, Fraction(1, 4)), "tau2": Fraction(3, 64), "K": 3}
    assert schedule.bound(3) == evaluate_bound("T3", constants | listed).value
    clipped = DelayedClipping(threshold=fmpq(1), q_min=fmpq(1, 4)).claim(problem, MU)
    ends = {"q_min": Fraction(1, 4), "q_max": Fraction(1), "tau2": Fraction(0), "K": 3}
    assert clipped.bound(3) == evaluate_bound("T3p", constants | ends).value
    assert schedule.bound(100) < schedule.bound(3) < schedule.bound(1)


@pytest.mark.parametrize("rounding", Rounding)
def test_rounded_gradients_have_the_bound_of_their_mode(rounding):
    problem, q = small(), quantizer("e5m2", rounding, 64)
    claim = Rounded(q).claim(problem, MU)
    theorem = {"nearest": "E1p", "toward-zero": "E2p", "stochastic": "E3p"}[rounding.value]
    of_problem = {
        "L": fraction(problem.smoothness),
        "c": Fraction(1, 2),
        "mu": Fraction(1, 16),
        "sigma2": fraction(problem.variance_bound),
        "gap": fraction(problem.gap),
    }
    of_format = {"p": 3, "h": Fraction(1, 2**16), "S": 64, "d": 3}
    expected = evaluate_bound(theorem, {**of_problem, **of_format, "K": 7}).value
    assert (claim.theorem, claim.bound(7)) == (theorem, expected)


@pytest.mark.parametrize("rounding", Rounding)
def test_where_saturation_is_possible_nothing_is_claimed(rounding):
    verdict = Rounded(quantizer("e2m1", rounding, 16)).claim(small(), MU)
    assert isinstance(verdict, Outside)
    assert "saturation" in verdict.reason


@pytest.mark.parametrize("rounding", Rounding)
@pytest.mark.parametrize(("name", "scale"), [("e4m3fn", 32), ("e5m2", 1024), ("e2m1", 1)])
def test_runs_stay_within_the_coordinate_bound(name, scale, rounding):
    q = quantizer(name, rounding, scale)
    problem, seen = small(batch=1), []
    train(problem, Rounded(q), mu=MU, recorded=[60], trajectories=20, seed=0, watch=seen.append)
    assert from_float(float(np.abs(seen).max())) <= coordinate_bound(problem, q)


def test_an_adversary_stays_within_the_coordinate_bound():
    """The worst sample and the worst rounding at every step, which no run does better."""
    problem, q = small(), quantizer("e2m1", Rounding.STOCHASTIC, fmpq(1, 4))
    u, h = q.format.unit_roundoff, q.format.subnormal_spacing / q.scale
    reach, largest = coordinate_bound(problem, q), problem.entry_bound
    for choices in product((-1, 1), repeat=4):
        a = fmpq(0)  # ridge w, for one coordinate
        for k in range(200):
            g = a - choices[k % 4] * largest
            assert abs(g) <= reach
            away = choices[k // 50] * (2 * u * abs(g) + h)
            a = fmpq(int(((a - MU / 2 * (g + away)) * 2**40).floor()), 2**40)


def test_every_gradient_is_shown_before_it_is_disturbed():
    seen = []
    run = train(small(), PLAIN, mu=MU, recorded=[3], trajectories=2, seed=0, watch=seen.append)
    w = np.zeros((2, 3))
    for g in seen:
        w = w - float(fraction(MU)) * g
    assert len(seen) == 3
    assert np.array_equal(w, run.final)


def test_the_e_value_by_hand():
    assert e_value([], Fraction(1)) == 1
    assert e_value([0.0], Fraction(1)) == Fraction(0 + 4 + 6 + 7, 8 * 4)
    with pytest.raises(ValueError, match="bound = 0"):
        e_value([1.0], Fraction(0))


def test_the_e_value_has_mean_at_most_one_under_the_claim():
    """Three trials of a law on {0, 2} with mean exactly 1, all eight outcomes."""
    outcomes = [e_value(list(xs), Fraction(1)) for xs in product((0.0, 2.0), repeat=3)]
    mean = sum(outcomes) / 8
    assert 1 - Fraction(1, 10**6) < mean <= 1


def test_a_false_bound_is_refuted_and_a_true_one_is_not():
    rng = np.random.default_rng(0)
    observed = rng.exponential(1.0, 200).tolist()
    assert e_value(observed, Fraction(1)) < REFUTED_AT
    assert e_value(observed, Fraction(1, 2)) >= REFUTED_AT


def test_a_trained_run_refutes_a_bound_that_is_too_small_and_not_the_proved_one():
    problem = small()
    recorded = (8, 32)
    run = train(problem, PLAIN, mu=MU, recorded=recorded, trajectories=64, seed=0)
    claim = PLAIN.claim(problem, MU)
    for step, values in zip(recorded, run.suboptimality.tolist(), strict=True):
        assert e_value(values, claim.bound(step)) < REFUTED_AT
        half = Fraction(float(np.mean(values))) / 2
        assert e_value(values, half) >= REFUTED_AT


def test_the_allowance_favours_the_claim():
    tiny = float(fraction(power_of_two(-31)))
    assert e_value([tiny], Fraction(1, 2**40)) < 1

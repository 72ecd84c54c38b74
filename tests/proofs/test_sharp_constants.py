"""Convexity: a changed constant is refused, and what is called exact is attained, exactly."""

from fractions import Fraction
from itertools import product

import pytest

from shrinkproof import library
from shrinkproof.bounds import Constants
from shrinkproof.kernel import ProofError
from shrinkproof.kernel.normal import same
from shrinkproof.kernel.term import lift
from shrinkproof.language.rewriting import put
from shrinkproof.language.symbols import equal
from shrinkproof.theorems import (
    additive_noise_raises_the_floor,
    cocoercivity,
    convex_average,
    convex_smooth,
    convex_weighted_sum,
    distance_closed_form,
    distance_predictable,
    distance_scheduled,
    gradient_step,
    interpolation,
    matched_effective_stepsize,
    noise_decouples,
    one_step_distance,
    one_step_values,
    pl_diminishing,
    pure_shrinkage_lowers_the_floor,
    quadratic_lower_bound,
    values_predictable,
    values_scheduled,
)
from shrinkproof.theorems.noise_floor import distance_floor
from shrinkproof.theorems.setting import D2, L, c, gap, q_max, q_min, sigma2, tau2

HALF = Fraction(1, 2)
CHANGES = [
    (D2, D2 / 2),
    (gap, gap / 2),
    (sigma2, sigma2 / 2),
    (tau2, lift(0)),
    (c, 2 * c),
    (L, L / 2),
    (q_max, q_min),
]
# What a proof aims at: the conclusions of its STATEMENT, or the module's function ``claim``.
STATED = [
    convex_smooth,
    gradient_step,
    noise_decouples,
    one_step_distance,
    one_step_values,
    convex_weighted_sum,
    convex_average,
    pure_shrinkage_lowers_the_floor,
]
IDENTITIES = [additive_noise_raises_the_floor, matched_effective_stepsize]
CLAIMED = [
    interpolation,
    cocoercivity,
    distance_closed_form,
    values_scheduled,
    distance_predictable,
    values_predictable,
    pl_diminishing,
    quadratic_lower_bound,
]
REFUSED = r"^(combine|positivity|induct): "


def changes(term):
    """The changes that change this term."""
    return [change for change in CHANGES if put(term, *change) != term]


@pytest.mark.parametrize("module", STATED)
def test_a_changed_constant_in_a_conclusion_is_refused(module, monkeypatch):
    statement = module.STATEMENT
    for i, conclusion in enumerate(statement.conclusions):
        assert changes(conclusion)
        for change in changes(conclusion):
            wrong = list(statement.conclusions)
            wrong[i] = put(conclusion, *change)
            monkeypatch.setattr(module, "STATEMENT", statement.concluding(*wrong))
            with pytest.raises(ProofError, match=REFUSED):
                module.prove.__wrapped__()


@pytest.mark.parametrize("module", IDENTITIES)
def test_a_changed_constant_on_one_side_of_an_identity_is_refused(module, monkeypatch):
    statement = module.STATEMENT
    left, right = statement.conclusion[1:]
    for change in changes(right):
        wrong = (*statement.conclusions[:-1], equal(left, put(right, *change)))
        monkeypatch.setattr(module, "STATEMENT", statement.concluding(*wrong))
        with pytest.raises(ProofError, match=REFUSED):
            module.prove.__wrapped__()


@pytest.mark.parametrize("module", CLAIMED)
def test_a_changed_constant_in_what_is_proved_is_refused(module, monkeypatch):
    claim = module.claim
    tried = changes(module.STATEMENT.conclusion)
    assert tried
    for change in tried:
        monkeypatch.setattr(module, "claim", lambda *of, c=change: put(claim(*of), *c))
        with pytest.raises(ProofError, match=REFUSED):
            module.prove.__wrapped__()


def test_less_than_the_recursion_is_refused(monkeypatch):
    claim, r = distance_scheduled.claim, distance_scheduled.r
    monkeypatch.setattr(distance_scheduled, "claim", lambda n: claim(n)[1] <= r[n] / 2)
    with pytest.raises(ProofError, match=REFUSED):
        distance_scheduled.prove.__wrapped__()


START, SAMPLING, QUANTIZATION = Fraction(3), Fraction(2), Fraction(1, 3)
CURVATURE = Fraction(3, 2)
VARYING = (Fraction(1), HALF, Fraction(3, 4), Fraction(1, 10))
CONSTANT = (Fraction(2, 3),) * 4


def mean_square(steps):
    """E w^2 after steps (mu_k, q_k) on F = (c/2) w^2, over all outcomes of two coins a step."""
    law = {START: Fraction(1)}
    for mu, q in steps:
        following = {}
        for w, xi, eps in product(law, (SAMPLING, -SAMPLING), (QUANTIZATION, -QUANTIZATION)):
            to = w - mu * (q * (CURVATURE * w + xi) + eps)
            following[to] = following.get(to, 0) + law[w] / 4
        law = following
    return sum(p * w**2 for w, p in law.items())


def right_side(label, smoothness, steps, which=-1):
    """A bound of the library on that process."""
    statement = library.result(label).statement
    mus, qs = [mu for mu, _ in steps], [q for _, q in steps]
    constant = label == "LB"
    fixed = not any(d.defines for d in statement.hypotheses)
    values = {
        "L": smoothness,
        "c": CURVATURE,
        "K": len(steps),
        "D2": START**2,
        "gap": CURVATURE / 2 * START**2,
        "sigma2": SAMPLING**2,
        "tau2": QUANTIZATION**2,
        "mu": mus[0] if fixed else mus.__getitem__,
        "q": qs[0] if constant else qs.__getitem__,
        "q_min": min(qs),
        "q_max": max(qs),
    }
    evaluator = Constants(values, len(steps))
    evaluator.recursions = statement.recursions
    return evaluator.scalar(statement.conclusions[which][2])


@pytest.mark.parametrize("shrinkage", [VARYING, CONSTANT])
@pytest.mark.parametrize("stepsizes", [(1, 1, 1, 1), (2, 0, 1, HALF)])
@pytest.mark.parametrize("steps", range(1, 5))
def test_the_recursion_for_distances_is_attained_by_every_schedule(shrinkage, stepsizes, steps):
    longest = 1 / CURVATURE  # 2/(L + c) for L = c
    run = [(m * longest / q / 2, q) for m, q in zip(stepsizes, shrinkage, strict=True)][:steps]
    assert mean_square(run) == right_side("T3d", CURVATURE, run)


@pytest.mark.parametrize("share", [1, HALF])
@pytest.mark.parametrize("smoothness", [CURVATURE, 2 * CURVATURE])
@pytest.mark.parametrize("steps", range(1, 5))
def test_closed_forms_are_attained_by_constant_shrinkage(share, smoothness, steps):
    mu = share * 2 / (smoothness + CURVATURE) / CONSTANT[0]
    run = [(mu, q) for q in CONSTANT[:steps]]
    distance = mean_square(run)
    for label in ("T3e", "T3pd", "LB"):
        assert distance == right_side(label, smoothness, run)
    value = CURVATURE / 2 * distance
    assert value == right_side("LB", smoothness, run, which=0)
    for label in ("T3s", "T3ps"):
        bound = right_side(label, smoothness, run)
        assert value == bound if smoothness == CURVATURE else value < bound


def test_closed_forms_hold_for_varying_shrinkage():
    mu = 1 / CURVATURE
    run = [(mu, q) for q in VARYING]
    bounds = [right_side(label, CURVATURE, run) for label in ("T3e", "T3pd")]
    assert mean_square(run) < bounds[0] < bounds[1]


def test_full_precision_is_the_floor_without_shrinkage_and_quantization():
    full = additive_noise_raises_the_floor.full_precision
    assert same(equal(full, distance_floor(lift(1), lift(0))), equal(full, full))


@pytest.mark.parametrize("q", [HALF, Fraction(1), Fraction(5, 4)])
@pytest.mark.parametrize("tau2", [Fraction(0), Fraction(1, 2), Fraction(2)])
def test_the_floor_rises_exactly_where_the_noise_exceeds_the_threshold(q, tau2):
    values = {"c": HALF, "mu": Fraction(1), "sigma2": Fraction(2), "q": q, "tau2": tau2}
    positive, identity = additive_noise_raises_the_floor.STATEMENT.conclusions
    evaluate = Constants(values, 0).scalar
    assert evaluate(positive[2]) > 0
    rise = evaluate(identity[1])
    assert rise == evaluate(identity[2])
    assert (rise > 0) == (tau2 > 2 * q * (1 - q) * 2 / (2 - HALF))

"""The evaluator against values worked out by hand."""

from dataclasses import replace
from fractions import Fraction

import pytest
from flint import fmpq

from shrinkproof.evaluation import Instance, OnInstance
from shrinkproof.kernel.term import VECTOR
from shrinkproof.language.evaluate import EvaluationError, Evaluator
from shrinkproof.language.symbols import (
    E,
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
    sample,
)
from shrinkproof.objectives import Quadratic
from shrinkproof.oracles import AdditiveNoise
from shrinkproof.process import Additive, Predictable, Process, Scheduled
from shrinkproof.theorems.setting import F, eps, g, k, q, stepsize, w

HALF = fmpq(1, 2)
LINE = Quadratic(eigenvalues=(1,), minimiser=(0,), minimum=0)
COIN = AdditiveNoise(LINE, ((HALF, (fmpq(2),)), (HALF, (fmpq(-2),))))


def on(process: Process, **constants) -> OnInstance:
    return OnInstance(Instance(constants, LINE, process, ((fmpq(1),), (fmpq(2),))))


@pytest.fixture
def walk() -> OnInstance:
    """From w_0 = 1 with mu = 1/2, q = 1: w_1 is -1/2 or 3/2."""
    return on(Process(COIN, (fmpq(1),), (HALF, HALF), Scheduled((fmpq(1),))), K=2)


def test_expectations_of_one_step(walk):
    assert walk.scalar(E(F(w[1]))) == (fmpq(1, 8) + fmpq(9, 8)) / 2
    assert walk.scalar(E(norm2(F.grad(w[1])))) == fmpq(5, 4)
    assert walk.vector(E(w[1])) == (HALF,)
    assert walk.scalar(E(F(w[0]))) == HALF


def test_expectations_of_two_steps_and_of_two_times_at_once(walk):
    # w_2 = w_1/2 -+ 1, and <w_1, w_2> needs the joint law.
    assert walk.scalar(E(norm2(w[2]))) == fmpq(5, 16) + 1
    assert walk.scalar(E(inner(w[1], w[2]))) == fmpq(5, 8)


def test_the_tower_rule_holds(walk):
    direct = walk.scalar(E(F(w[2])))
    assert walk.scalar(E(E(F(w[2]), past(1)))) == direct
    assert walk.scalar(E(E(F(w[2]), sample(index("", 1))))) == direct


def test_a_square_of_an_expectation_is_not_the_expectation_of_a_square(walk):
    inside = E(norm2(w[2]), past(1))
    assert walk.scalar(E(inside**2)) != walk.scalar(E(inside)) ** 2


def test_sums_products_and_lengths(walk):
    i = index("i")
    assert walk.scalar(Sum(i, index("K"), E(norm2(w[i])))) == 1 + fmpq(5, 4)
    assert walk.scalar(Prod(i, index("K"), number(i) + 1)) == 2
    assert walk.scalar(Sum(i, index(""), number(i))) == 0
    assert walk.scalar(maximum(stepsize[0], 1)) == 1


def test_conditional_statements_run_through_all_outcomes(walk):
    """|w_k| is at most 3/2, but not at most 1."""
    assert walk.slack(forall(k, norm2(w[k]) <= Fraction(9, 4))).value == 0
    worst = walk.slack(forall(k, norm2(w[k]) <= 1))
    assert worst.value == fmpq(-5, 4)
    assert worst.where == "k = 1; w_1 = (3/2)"


def test_equations_have_no_slack_to_give(walk):
    mean = forall(k, equal(E(g[k], past(k)), F.grad(w[k])))
    assert walk.slack(mean).value == 0
    off = forall(k, equal(E(g[k], past(k)), 2 * F.grad(w[k])))
    assert walk.slack(off).value < 0


def test_predictable_factors_and_noise_are_seen():
    rule = Predictable(fmpq(1), HALF, (fmpq(0),), fmpq(1))
    noise = Additive(((HALF, (fmpq(1),)), (HALF, (fmpq(-1),))))
    ev = on(Process(COIN, (fmpq(1),), (HALF, HALF), rule, noise), K=2)
    assert ev.scalar(E(q[0])) == 1
    assert 0 < ev.scalar(E(q[1])) < 1
    assert ev.slack(forall(k, equal(E(eps[k], sample(k)), E(0 * g[k], sample(k))))).value == 0
    assert ev.scalar(E(norm2(eps[1]))) == 1


@pytest.mark.parametrize(
    ("term", "why"),
    [(parameter("nu") + 1, "no value for nu"), (norm2(w[1]), "w_1 is random")],
)
def test_what_has_no_value_is_refused(walk, term, why):
    with pytest.raises(EvaluationError, match=why):
        walk.scalar(term)


def test_division_by_zero_is_zero_in_the_language():
    assert Evaluator({"x": 0}).scalar(1 / parameter("x")) == 0


def test_a_constant_with_the_name_of_an_abbreviation_does_not_stand_for_it(walk):
    """Otherwise an instance could say that delta_0 is what it is not."""
    delta = named("gap", F(w[0]) - 3)
    assert walk.scalar(delta) == HALF - 3
    overridden = on(walk.process, gap=fmpq(100))
    assert overridden.scalar(delta) == HALF - 3


def test_a_vector_sequence_fixed_in_advance_is_the_standard_basis_or_a_fixed_point(walk):
    basis = Sequence("e", VECTOR, "start")
    assert walk.vector(basis[0]) == (fmpq(1),)
    other = OnInstance(replace(walk.instance, fixed_points={"e": (fmpq(7),)}))
    assert other.vector(basis[0]) == other.vector(basis[3]) == (fmpq(7),)

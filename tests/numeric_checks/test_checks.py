"""The property checks: every theorem holds, every weakening is caught, failures can be rerun."""

import subprocess
import sys
from collections.abc import Callable

import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from shrinkproof import library
from shrinkproof.checks import EXAMPLES, Refuted, check, examine
from shrinkproof.instances import instances
from shrinkproof.kernel.term import Term, lift, make
from shrinkproof.language.rewriting import put
from shrinkproof.language.statement import Statement
from shrinkproof.language.symbols import number
from shrinkproof.theorems import (
    descent_lemma,
    gradient_bound,
    nonconvex_fixed_step,
    nonconvex_weighted,
    one_step,
    one_step_small,
    pl_predictable,
    pl_scheduled,
)
from shrinkproof.theorems.setting import K, L, q_max, q_min, sigma2, tau2
from shrinkproof.verdicts import holds, violated_hypotheses

IDS = [r.id for r in library.results()]


def weakened(statement: Statement, change: Callable[[Term], Term]) -> Statement:
    """The statement with its right-hand side changed."""

    def inside(prop: Term) -> Term:
        if prop[0] == "forall":
            return make("forall", prop[1], inside(prop[2]))
        return make(prop[0], prop[1], change(prop[2]))

    wrong = inside(statement.conclusion)
    assert wrong != statement.conclusion, "the weakening changes nothing"
    return statement.concluding(wrong)


def replaced(module, old: Term, new: Term) -> Statement:
    return weakened(module.STATEMENT, lambda t: put(t, old, new))


MUTANTS = {
    "T1: floor halved": replaced(
        nonconvex_fixed_step, nonconvex_fixed_step.floor, nonconvex_fixed_step.floor / 2
    ),
    "T1: q_max for q_min": replaced(nonconvex_fixed_step, q_min, q_max),
    "T1: K+1 for K": replaced(nonconvex_fixed_step, number(K), number(K + 1)),
    "T1: no quantization noise": replaced(nonconvex_fixed_step, tau2, lift(0)),
    "T1: no floor": replaced(nonconvex_fixed_step, nonconvex_fixed_step.floor, lift(0)),
    "T1s: floor halved": replaced(nonconvex_weighted, sigma2, sigma2 / 2),
    "T1s: no quantization noise": replaced(nonconvex_weighted, tau2, lift(0)),
    "T3: floor halved": replaced(pl_scheduled, pl_scheduled.floor, pl_scheduled.floor / 2),
    "T3: K+1 for K": replaced(pl_scheduled, K, K + 1),
    "T3: no floor": replaced(pl_scheduled, pl_scheduled.floor, lift(0)),
    "T3p: floor halved": replaced(pl_predictable, pl_predictable.floor, pl_predictable.floor / 2),
    "T3p: q_max for q_min": replaced(pl_predictable, q_min, q_max),
    "T3p: K+1 for K": replaced(pl_predictable, K, K + 1),
    "O1: noise halved": replaced(one_step, one_step.noise, one_step.noise / 2),
    "O1: no quantization noise": replaced(one_step, tau2, lift(0)),
    "O2: noise halved": replaced(one_step_small, one_step.noise, one_step.noise / 2),
    "F1: L halved": replaced(descent_lemma, L, L / 2),
    "F2: L halved": replaced(gradient_bound, L, L / 2),
}


@pytest.mark.parametrize("name", IDS)
def test_every_result_holds_on_random_instances(name):
    report = check(library.result(name).statement, examples=60)
    assert report.held, report.refuted.script()
    assert report.examples >= 60
    assert report.undecided <= report.examples // 4


@pytest.mark.parametrize("name", list(MUTANTS))
@pytest.mark.parametrize("seed", [0, 1])
def test_weakened_theorems_are_caught_within_the_default_number_of_examples(name, seed):
    assert not check(MUTANTS[name], examples=EXAMPLES, random_seed=seed).held


@pytest.mark.parametrize("name", IDS)
def test_random_instances_satisfy_every_hypothesis(name):
    """Otherwise a theorem would be tested where it says nothing, or refuted unjustly."""
    statement = library.result(name).statement

    @settings(max_examples=25, database=None, deadline=None, derandomize=True)
    @given(instances(statement))
    def holds_on(instance):
        assert violated_hypotheses(statement, instance) == []

    holds_on()


@pytest.mark.parametrize(
    "name", ["T1: q_max for q_min", "O1: no quantization noise", "F1: L halved"]
)
def test_a_failure_prints_a_script_that_fails_again(name, tmp_path):
    report = check(MUTANTS[name])
    path = tmp_path / "counterexample.py"
    path.write_text(report.refuted.script())
    run = subprocess.run([sys.executable, path], capture_output=True, text=True, check=True)
    *hypotheses, conclusion = run.stdout.splitlines()
    assert len(hypotheses) == len(MUTANTS[name].hypotheses)
    assert all(not line.split()[1].startswith("-") for line in hypotheses)
    assert conclusion.removeprefix("conclusion Slack(value=").lstrip("[").startswith("-")


def test_removing_a_hypothesis_lets_the_conclusion_fail():
    """Smoothness with L, unbiasedness and the stepsize bound are needed: here are witnesses."""
    statement = nonconvex_fixed_step.STATEMENT
    loose = st.sampled_from((fmpq(4), fmpq(10)))

    @settings(max_examples=300, database=None, deadline=None, derandomize=True)
    @given(instances(statement), loose)
    def claim_beyond_the_stepsize_bound(instance, factor):
        mu = instance.constants["mu"] * factor
        process = type(instance.process)(
            instance.process.oracle,
            instance.process.start,
            (mu,) * instance.process.horizon,
            instance.process.shrinkage,
            instance.process.noise,
        )
        constants = {**instance.constants, "mu": mu}
        moved = type(instance)(constants, instance.objective, process, instance.points)
        if violated_hypotheses(statement.without("stepsize_bound"), moved):
            return  # a quantizer may leave its model on the new trajectory
        examine(statement, moved)

    with pytest.raises(Refuted):
        claim_beyond_the_stepsize_bound()


def test_balls_decide_only_what_they_can():
    from flint import arb

    from shrinkproof.evaluation import Instance
    from shrinkproof.language.symbols import parameter
    from shrinkproof.verdicts import Undecided

    instance = Instance({"a": arb(2).sqrt(), "b": fmpq(3, 2)})
    a, b = parameter("a"), parameter("b")
    assert holds(instance, a <= b)
    assert not holds(instance, b <= a)
    with pytest.raises(Undecided):
        holds(instance, a * a <= a * a)


@pytest.mark.parametrize("flip", [False, True])
def test_a_wide_ball_is_not_dropped_beside_a_sure_one(flip):
    from fractions import Fraction

    from shrinkproof.evaluation import Instance
    from shrinkproof.language.symbols import fixed_point, forall, inner, norm2
    from shrinkproof.objectives import RidgeLogistic
    from shrinkproof.theorems.setting import F, x

    f = RidgeLogistic(features=((1,),), labels=(1,), ridge=fmpq(1, 10))
    bound = Fraction(1, 20) * norm2(x) + Fraction(7, 10) + inner(fixed_point("v"), x)
    points = ((fmpq(0),), (fmpq(10) ** 20,))
    v = {"v": (fmpq(-37, 10**21),)}
    instance = Instance({}, f, None, points[::-1] if flip else points, v)
    assert not holds(instance, forall(x, F(x) <= bound))

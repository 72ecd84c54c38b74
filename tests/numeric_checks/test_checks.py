"""The property checks: every theorem holds, every weakening is caught, failures can be rerun."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest
from flint import fmpq
from hypothesis import HealthCheck, Phase, given, settings

from shrinkproof import checks, library
from shrinkproof.checks import EXAMPLES, Refuted, check, examine
from shrinkproof.evaluation import Instance
from shrinkproof.instances import NothingToTry, instances
from shrinkproof.kernel.term import VECTOR, Term, lift, make
from shrinkproof.language.rewriting import put
from shrinkproof.language.statement import Hypothesis, Statement
from shrinkproof.language.symbols import (
    E,
    Sequence,
    fixed_point,
    forall,
    inner,
    norm2,
    number,
    parameter,
    point,
    quantity,
)
from shrinkproof.objectives import RidgeLogistic
from shrinkproof.reading import read
from shrinkproof.sharp import sharp_instances
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
from shrinkproof.theorems.setting import F, F_star, K, L, k, q_max, q_min, sigma2, tau2, x
from shrinkproof.verdicts import holds, unestablished_hypotheses, violated_hypotheses

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
    "T1: q_max q_min for q_max^2": replaced(nonconvex_fixed_step, q_max**2, q_max * q_min),
}
# A random search finds these at some seeds only: they want one of few instances.
HARD = ("T1: q_max q_min for q_max^2", "T1s: floor halved")


RANDOM = [
    n for n in IDS if library.result(n).label in ("O1", "O3", "T1", "T2", "T3p", "T3pd", "T7g")
]


@pytest.mark.parametrize("name", IDS)
def test_every_result_holds_on_instances_made_by_hand_and_on_random_ones(name):
    report = check(library.result(name).statement, examples=25)
    assert report.held, report.refuted.script()
    assert report.examples >= 25 and report.sharp >= 5
    assert report.undecided <= (report.sharp + report.examples) // 4


@pytest.mark.parametrize("name", list(MUTANTS))
def test_weakened_theorems_are_caught_whatever_is_drawn(name):
    """On an instance made by hand, so that no seed matters."""
    report = check(MUTANTS[name], examples=0)
    assert not report.held
    assert violated_hypotheses(MUTANTS[name], report.refuted.instance) == []


@pytest.mark.parametrize("name", [n for n in MUTANTS if n not in HARD])
@pytest.mark.parametrize("seed", [3, 4])
def test_most_weakened_theorems_are_caught_by_the_random_search_alone(name, seed, monkeypatch):
    monkeypatch.setattr(checks, "sharp_instances", lambda reading: ())
    assert not check(MUTANTS[name], examples=EXAMPLES, random_seed=seed).held


@pytest.mark.parametrize("name", IDS)
def test_instances_satisfy_every_hypothesis(name):
    """Otherwise a theorem would be tested where it says nothing, or refuted unjustly."""
    statement = library.result(name).statement
    made = sharp_instances(read(statement))
    for instance in made[:: max(1, len(made) // 30)]:
        assert violated_hypotheses(statement, instance) == []

    @settings(max_examples=15, database=None, deadline=None, derandomize=True)
    @given(instances(statement))
    def holds_on(instance):
        assert violated_hypotheses(statement, instance) == []

    holds_on()


def is_random(instance: Instance) -> bool:
    """Whether some q_k is not almost surely constant, at a step that the conclusion sees."""
    process = instance.process
    steps = min(instance.constants.get("K", process.horizon), process.horizon)
    return any(
        len({str(q) for _, state in process.law(k) for _, q, _ in process.samples(k, state[0])}) > 1
        for k in range(steps)
    )


@pytest.mark.parametrize("name", RANDOM)
def test_predictable_shrinkage_is_really_random_in_a_fair_share_of_instances(name):
    statement = library.result(name).statement
    made = sharp_instances(read(statement))
    assert sum(map(is_random, made)) >= len(made) // 20
    found = []

    @settings(
        max_examples=150,
        database=None,
        deadline=None,
        derandomize=True,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(instances(statement))
    def collect(instance):
        found.append(is_random(instance))

    collect()
    assert sum(found) >= len(found) // 20


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
    assert all(": holds" in line for line in hypotheses)
    assert conclusion.startswith("conclusion: fails by ")


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (nonconvex_fixed_step, "smoothness"),
        (nonconvex_fixed_step, "variance"),
        (one_step, "unbiased"),
        (one_step, "noise_unbiased"),
        (pl_scheduled, "update"),
    ],
)
def test_removing_a_hypothesis_lets_the_conclusion_fail(module, name):
    """What the hypotheses say, instances keep to; what they do not say, they do not."""
    weak = module.STATEMENT.without(name)
    report = check(weak, examples=0)
    assert not report.held
    assert unestablished_hypotheses(weak, report.refuted.instance) == []


def test_a_strict_conclusion_fails_where_both_sides_are_equal():
    instance = Instance({"a": fmpq(2)})
    a = parameter("a")
    assert not holds(instance, a < 2) and holds(instance, a <= 2)
    strict = Statement("id", "X", "title", (), (a < 3,))
    with pytest.raises(Refuted):
        examine(strict, replace(instance, constants={"a": fmpq(3)}))


@pytest.mark.parametrize(
    ("conclusion", "why"),
    [
        (forall(point("v"), E(norm2(Sequence("z", VECTOR, "sample")[k])) >= 0), "no value for z"),
        (forall(quantity("s"), quantity("s") ** 2 >= 0), "nothing to try for s"),
    ],
)
def test_a_statement_with_an_unknown_symbol_is_refused_with_its_name(conclusion, why):
    with pytest.raises(NothingToTry, match=f"X: {why}"):
        check(Statement("id", "X", "title", (), (conclusion,)), examples=1)


def test_a_statement_that_nothing_satisfies_is_refused_with_the_hypothesis_in_the_way():
    odd = Hypothesis("odd", F(x) + F(-1 * x) <= F_star - 1, "F is odd")
    odd = replace(odd, prop=forall(x, odd.prop))
    statement = Statement("id", "X", "title", (odd,), (forall(x, F(x) >= F_star),))
    with pytest.raises(NothingToTry, match="X: its hypothesis odd fails on every instance"):
        check(statement, examples=1)


def test_balls_decide_only_what_they_can():
    from flint import arb

    from shrinkproof.verdicts import Undecided

    instance = Instance({"a": arb(2).sqrt(), "b": fmpq(3, 2)})
    a, b = parameter("a"), parameter("b")
    assert holds(instance, a <= b)
    assert not holds(instance, b <= a)
    with pytest.raises(Undecided):
        holds(instance, a * a <= a * a)


@pytest.mark.parametrize("flip", [False, True])
def test_a_wide_ball_is_not_dropped_beside_a_sure_one(flip):
    f = RidgeLogistic(features=((1,),), labels=(1,), ridge=fmpq(1, 10))
    bound = Fraction(1, 20) * norm2(x) + Fraction(7, 10) + inner(fixed_point("v"), x)
    points = ((fmpq(0),), (fmpq(10) ** 20,))
    v = {"v": (fmpq(-37, 10**21),)}
    instance = Instance({}, f, None, points[::-1] if flip else points, v)
    assert not holds(instance, forall(x, F(x) <= bound))

"""The counterexamples, and that they are what they claim to be."""

import subprocess
import sys
from dataclasses import replace

import pytest
from flint import fmpq

from shrinkproof import library
from shrinkproof.counterexamples import COUNTEREXAMPLES, with_shrinkage_known
from shrinkproof.evaluation import OnInstance
from shrinkproof.kernel import ProofError, instantiate
from shrinkproof.kernel.term import subterms
from shrinkproof.language.symbols import E, equal, norm2, past
from shrinkproof.process import Scheduled
from shrinkproof.theorems import pl_predictable, pl_scheduled, shrunken_moments
from shrinkproof.theorems.setting import F, g, k, q_of_sample, w

C1, C2, C3 = COUNTEREXAMPLES


@pytest.mark.parametrize("counterexample", COUNTEREXAMPLES, ids=lambda c: c.label)
def test_it_refutes_the_weakened_statement(counterexample):
    assert counterexample.refutes()
    original = library.result(counterexample.weakens)
    assert counterexample.statement != original.statement
    assert counterexample.label in original.notes["Needs"]


@pytest.mark.parametrize("counterexample", COUNTEREXAMPLES, ids=lambda c: c.label)
def test_it_refutes_nothing_where_a_schedule_is_kept(counterexample):
    process = counterexample.instance.process
    for q in (counterexample.instance.constants[end] for end in ("q_min", "q_max")):
        tame = replace(process, shrinkage=Scheduled((q,)))
        instance = replace(counterexample.instance, process=tame)
        assert not replace(counterexample, instance=instance).refutes()


def test_what_the_explanations_say():
    assert C1.slack().value == fmpq(-57, 6400)
    distance = OnInstance(C2.instance).scalar(E(norm2(w[3])))
    assert distance == fmpq(993, 2560)
    (floor,) = [t for t in subterms(C2.statement.conclusion) if t[:2] == ("named", "B_d")][:1]
    assert OnInstance(C2.instance).scalar(floor) == fmpq(1, 3)
    assert OnInstance(C3.instance).scalar(E(F(w[2]))) == fmpq(980051, 500000)
    assert OnInstance(C3.instance).scalar(pl_scheduled.floor) == 1


def test_the_expected_step_goes_uphill():
    evaluator = OnInstance(C1.instance)
    assert evaluator.vector(E(g[0])) == (1,)
    assert evaluator.vector(E(q_of_sample[0] * g[0])) == (fmpq(-1, 8),)
    assert evaluator.scalar(E(F(w[1]))) > evaluator.scalar(E(F(w[0])))


def test_an_instance_that_breaks_a_hypothesis_is_no_counterexample():
    lying = replace(C1.instance, constants={**C1.instance.constants, "sigma2": fmpq(1)})
    assert not replace(C1, instance=lying).refutes()


@pytest.mark.parametrize("counterexample", COUNTEREXAMPLES, ids=lambda c: c.label)
def test_its_script_runs(counterexample, tmp_path):
    path = tmp_path / "counterexample.py"
    path.write_text(counterexample.script())
    run = subprocess.run([sys.executable, path], capture_output=True, text=True, check=True)
    assert str(-counterexample.slack().value) in run.stdout


def test_the_kernel_refuses_the_step_that_would_need_it():
    """A predictable q_k does not become a sample-dependent one."""
    theorem = pl_predictable.prove()[0]
    with pytest.raises(ProofError, match="instantiate: 'q' is declared 'past'"):
        instantiate(theorem, {"q": ("k", q_of_sample[k])})


def test_the_mean_of_the_shrunken_gradient_is_not_the_shrunken_mean():
    weak = with_shrinkage_known(shrunken_moments.STATEMENT, "sample")
    claim = equal(E(q_of_sample[k] * g[k], past(k)), E(q_of_sample[k], past(k)) * F.grad(w[k]))
    evaluator = OnInstance(C1.instance)
    evaluator.values["k"] = 0
    assert evaluator.slack(claim).value < 0
    assert weak != shrunken_moments.STATEMENT
